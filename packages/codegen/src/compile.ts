import type { Cell } from '@congruent/spec';
import type { CellIr, FunctionIr } from './ir/definition.ts';
import { type Adjoint, differentiate } from './passes/differentiate.ts';
import { extractProducts } from './passes/extract.ts';
import { foldSums } from './passes/fold-sums.ts';
import { type DType, lowerCell, lowerFunctions } from './passes/lower.ts';
import { scheduleBackward, scheduleForward } from './schedule/build.ts';
import { calledIn, type Schedule } from './schedule/schedule.ts';
import { verifyCell, verifySchedule } from './schedule/verify.ts';

/** A cell with all that is derived from it: what plans, emitters and interpreters work from. */
export interface Program {
  readonly cell: Cell;
  /** The equations, shapes on every node. */
  readonly ir: CellIr;
  /** The derivative of one step, before it is scheduled. */
  readonly adjoint: Adjoint;
  readonly forward: Schedule;
  readonly backward: Schedule;
  /** The functions the cell calls, as basic operations. */
  readonly functions: Readonly<Record<DType, readonly FunctionIr[]>>;
}

/** Compiles a cell. Pure: the same cell gives the same program. What each pass gives is verified. */
export function compile(cell: Cell): Program {
  const ir = verifyCell(lowerCell(cell), 'lowering');
  const folded = verifyCell(foldSums(ir), 'folding sums');
  const flat = verifyCell(extractProducts(folded), 'extracting products');
  const adjoint = differentiate(flat);
  const forward = verifySchedule(scheduleForward(adjoint), 'scheduling');
  const backward = verifySchedule(scheduleBackward(adjoint), 'scheduling the backward pass');
  const called = calledIn([forward, backward]);
  const functions = { float32: lowerFunctions(called, 'float32'), float64: lowerFunctions(called, 'float64') };
  return { cell, ir, adjoint, forward, backward, functions };
}
