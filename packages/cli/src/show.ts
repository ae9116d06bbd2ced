import {
  compile,
  type Plans,
  type Program,
  planFor,
  printAdjoint,
  printAdjointLatex,
  printCell,
  printFunction,
  printLatex,
  printPlan,
  printSchedule,
} from '@congruent/codegen';
import type { Cell } from '@congruent/spec';

export type View = 'equations' | 'ir' | 'schedule' | 'plan' | 'functions' | 'latex';

interface Printers {
  readonly forward: (program: Program) => string;
  /** The same of the backward pass. */
  readonly backward?: (program: Program) => string;
}

/** In the order in which they are printed. */
const VIEWS: Readonly<Record<View, Printers>> = {
  equations: { forward: ({ cell }) => cell.source },
  ir: { forward: ({ ir }) => printCell(ir) },
  schedule: { forward: ({ forward }) => printSchedule(forward), backward: printAdjoint },
  plan: {
    forward: (program) => printPlan(plainest(program).forward),
    backward: (program) => printPlan(plainest(program).backward),
  },
  functions: { forward: ({ functions }) => functions.float32.map(printFunction).join('\n\n') },
  latex: { forward: ({ ir }) => printLatex(ir), backward: ({ adjoint }) => printAdjointLatex(adjoint) },
};

export const views: readonly View[] = Object.keys(VIEWS) as View[];

/** The plans for a backend that wants nothing of its memory. */
const plainest = (program: Program): Plans => planFor(program, { reserved: new Set() }, 'float32');

/**
 * A cell in some views, by default its equations.
 *
 * @param adjoint  what has a backward pass is shown of that; by default its schedule
 */
export function show(cell: Cell, asked: readonly View[], adjoint: boolean): string {
  const wanted = new Set(asked);
  if (adjoint && asked.every((view) => VIEWS[view].backward === undefined)) wanted.add('schedule');
  if (wanted.size === 0) wanted.add('equations');
  const program = compile(cell);
  const printed = views
    .filter((view) => wanted.has(view))
    .map((view) => {
      const { forward, backward = forward } = VIEWS[view];
      return (adjoint ? backward : forward)(program);
    });
  return printed.join('\n\n');
}
