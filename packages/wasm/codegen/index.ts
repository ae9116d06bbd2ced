import type { DType, Emitter, GeneratedFile, Program } from '@congruent/codegen';
import { header } from '@congruent/codegen';
import { assemble, bytesFile, signatureFile } from './files.ts';
import { kernelModule } from './kernel.ts';
import { lanesOf } from './lanes.ts';
import { print } from './wat.ts';

const VARIANTS: readonly { readonly dtype: DType; readonly relaxed: boolean }[] = [
  { dtype: 'float32', relaxed: false },
  { dtype: 'float64', relaxed: false },
  { dtype: 'float32', relaxed: true },
  { dtype: 'float64', relaxed: true },
];

/** Emits WebAssembly SIMD: for each element type and mode the text for review, and the bytes as a TypeScript module. */
const emitter: Emitter = {
  name: 'wasm',
  emit(program: Program): readonly GeneratedFile[] {
    const comment = header(program, emitter);
    const modules = VARIANTS.flatMap(({ dtype, relaxed }) => {
      const name = `${program.cell.name}.${dtype}${relaxed ? '.relaxed' : ''}`;
      const text = `${comment.map((line) => `;; ${line}`.trimEnd()).join('\n')}\n\n${print(kernelModule(program, lanesOf(dtype, relaxed)))}\n`;
      return [
        { path: `${name}.wat`, contents: text },
        { path: `${name}.ts`, contents: bytesFile(comment, name, assemble(text)) },
      ];
    });
    return [{ path: `${program.cell.name}.ts`, contents: signatureFile(program, comment) }, ...modules];
  },
};

export default emitter;
