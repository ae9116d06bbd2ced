import {
  type Declaration,
  type EmittedFile,
  type Emitter,
  layoutsFile,
  type Plans,
  type Program,
  planFor,
  signatureFile,
} from '@congruent/codegen';
import { ELEMENTS, type Element } from './element.ts';
import { moduleOf } from './module.ts';
import { target } from './target.ts';

/** Emits plain TypeScript: a file for each element type, and one that brings them together. */
const emitter: Emitter = {
  name: 'scalar',
  emit(program) {
    const { name } = program.cell;
    const modules = ELEMENTS.map((element): EmittedFile => {
      const { declarations } = kernelsFor(program, element);
      return { kind: 'typescript', path: `${name}.${element.dtype}.ts`, declarations };
    });
    const main: EmittedFile = { kind: 'text', path: `${name}.ts`, comment: '//', text: mainOf(name) };
    return [signatureFile(program), layoutsFile(program), main, ...modules];
  },
};

/** The module of a program for one element type, and the plans that it follows. */
export function kernelsFor(
  program: Program,
  element: Element = ELEMENTS[0]!,
): { readonly plans: Plans; readonly declarations: readonly Declaration[] } {
  const plans = planFor(program, target, element.dtype);
  return { plans, declarations: moduleOf(plans, element) };
}

const mainOf = (name: string): string => `import type { CellKernels } from '@congruent/scalar/define';
import { kernels as float32 } from './${name}.float32.ts';
import { kernels as float64 } from './${name}.float64.ts';

export * from './${name}.signature.ts';
export * from './${name}.layouts.ts';

/** The kernels, by element type. */
export const kernels: CellKernels = { float32, float64 };
`;

export default emitter;
