import {
  type DType,
  type Emitter,
  layoutsFile,
  type Plans,
  type Program,
  planFor,
  signatureFile,
} from '@congruent/codegen';
import { mainFile } from './files.ts';
import { targetFor } from './target.ts';
import { unitOf } from './unit.ts';

/** Emits C: for each element type a file that is compiled for every processor and kind of arithmetic. */
const emitter: Emitter = {
  name: 'native',
  emit: (program: Program) => [
    signatureFile(program),
    layoutsFile(program),
    mainFile(program),
    ...(['float32', 'float64'] as const).map((dtype) => ({
      kind: 'text' as const,
      path: `${program.cell.name}.${dtype}.c`,
      comment: '//',
      text: kernelsFor(program, dtype).text,
    })),
  ],
};

/** The C file of a program for one element type, and the plans that it follows. */
export function kernelsFor(program: Program, dtype: DType): { readonly plans: Plans; readonly text: string } {
  const plans = planFor(program, targetFor(program, dtype), dtype);
  return { plans, text: unitOf(program.cell.name, plans) };
}

export default emitter;
