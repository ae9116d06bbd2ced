import { type EmittedFile, type Emitter, layoutsFile, planFor, signatureFile } from '@congruent/codegen';
import { ELEMENTS } from './element.ts';
import { moduleOf } from './module.ts';
import { target } from './target.ts';

/** Emits plain TypeScript: a file for each element type, and one that brings them together. */
const emitter: Emitter = {
  name: 'scalar',
  emit(program) {
    const { name } = program.cell;
    const modules = ELEMENTS.map((element): EmittedFile => {
      const declarations = moduleOf(planFor(program, target, element.dtype), element);
      return { kind: 'typescript', path: `${name}.${element.dtype}.ts`, declarations };
    });
    const main: EmittedFile = { kind: 'text', path: `${name}.ts`, comment: '//', text: mainOf(name) };
    return [signatureFile(program), layoutsFile(program), main, ...modules];
  },
};

const mainOf = (name: string): string => `import type { CellKernels } from '@congruent/scalar/define';
import { kernels as float32 } from './${name}.float32.ts';
import { kernels as float64 } from './${name}.float64.ts';

export * from './${name}.signature.ts';
export * from './${name}.layouts.ts';

/** The kernels, by element type. */
export const kernels: CellKernels = { float32, float64 };
`;

export default emitter;
