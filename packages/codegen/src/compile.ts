import type { Cell } from '@congruent/spec';
import { differentiate } from './adjoint.ts';
import { type AdjointSchedule, scheduleAdjoint } from './adjoint-schedule.ts';
import { extractProducts } from './extract.ts';
import { foldSums } from './fold.ts';
import type { CellIr, FunctionIr } from './ir.ts';
import { type DType, functionsOf, lowerCell } from './lower.ts';
import { type Schedule, scheduleCell } from './schedule.ts';
import { verifyCell, verifySchedule } from './verify.ts';
import { verifyAdjoint } from './verify-adjoint.ts';

/** A cell with all that is derived from it: what emitters and interpreters work from. */
export interface Program {
  readonly cell: Cell;
  /** The equations, shapes on every node. */
  readonly ir: CellIr;
  readonly schedule: Schedule;
  /** The backward pass, and the forward pass that keeps what it reads. */
  readonly adjoint: AdjointSchedule;
  /** The functions the cell calls, as basic operations. */
  readonly functions: Readonly<Record<DType, readonly FunctionIr[]>>;
}

/** The passes, in order; the IR is verified after each. */
export const passes: readonly { readonly name: string; run(cell: CellIr): CellIr }[] = [
  { name: 'fold sums', run: foldSums },
  { name: 'extract products', run: extractProducts },
];

/** Compiles a cell. Pure: the same cell gives the same program. */
export function compile(cell: Cell): Program {
  const ir = verifyCell(lowerCell(cell), 'lowering');
  const flat = passes.reduce((current, { name, run }) => verifyCell(run(current), name), ir);
  const schedule = verifySchedule(scheduleCell(flat), 'scheduling');
  const adjoint = verifyAdjoint(scheduleAdjoint(differentiate(flat)));
  return {
    cell,
    ir,
    schedule,
    adjoint,
    functions: { float32: functionsOf(ir.definitions, 'float32'), float64: functionsOf(ir.definitions, 'float64') },
  };
}
