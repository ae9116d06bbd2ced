import type { DType, Emitter, GeneratedFile, Program } from '@congruent/codegen';
import { header } from '@congruent/codegen';
import { assemble, bytesFile, signatureFile } from './files.ts';
import { kernelModule } from './kernel.ts';
import { lanesOf } from './lanes.ts';
import { trainingModule } from './training.ts';
import { print, type Wat } from './wat.ts';

const VARIANTS: readonly { readonly dtype: DType; readonly relaxed: boolean }[] = [
  { dtype: 'float32', relaxed: false },
  { dtype: 'float64', relaxed: false },
  { dtype: 'float32', relaxed: true },
  { dtype: 'float64', relaxed: true },
];

/**
 * Emits WebAssembly SIMD: for each element type and mode a module for inference and one for gradients, each as text for
 * review and in bytes, as a TypeScript module.
 */
const emitter: Emitter = {
  name: 'wasm',
  emit(program: Program): readonly GeneratedFile[] {
    const comment = header(program, emitter);
    const files = (name: string, module: Wat): GeneratedFile[] => {
      const text = `${comment.map((line) => `;; ${line}`.trimEnd()).join('\n')}\n\n${print(module)}\n`;
      return [
        { path: `${name}.wat`, contents: text },
        { path: `${name}.ts`, contents: bytesFile(comment, name, assemble(text)) },
      ];
    };
    const modules = VARIANTS.flatMap(({ dtype, relaxed }) => {
      const name = `${program.cell.name}.${dtype}${relaxed ? '.relaxed' : ''}`;
      const lanes = lanesOf(dtype, relaxed);
      return [
        ...files(name, kernelModule(program, lanes)),
        ...files(`${name}.training`, trainingModule(program, lanes)),
      ];
    });
    return [{ path: `${program.cell.name}.ts`, contents: signatureFile(program, comment) }, ...modules];
  },
};

export default emitter;
