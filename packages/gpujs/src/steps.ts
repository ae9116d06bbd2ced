import type { Sequence } from '@congruent/runtime';
import type { Dimensions, GpuCell } from './cell.ts';
import type { Plane } from './device.ts';
import { Runner, type StepRows } from './runner.ts';
import type { Planes, Scope } from './scope.ts';

/** A cell on planes: runs its kernels in order, with dimensions in hand. */
export class Steps {
  private readonly cell: GpuCell;
  private readonly runner: Runner;

  constructor(cell: GpuCell, dimensions: Dimensions, scope: Scope) {
    this.cell = cell;
    this.runner = new Runner(dimensions, scope);
  }

  /** What the rows of an input need before the steps: planes that the steps read. */
  async before(weights: Planes, input: Plane): Promise<Planes> {
    const known: Record<string, Plane> = { ...weights, [this.cell.input]: input };
    for (const kernel of this.cell.before) known[kernel.result] = await this.runner.run(kernel, known, input.rows);
    return known;
  }

  /** Releases what `before` made. */
  releaseBefore(known: Planes): void {
    for (const { result } of this.cell.before) this.runner.scope.release(known[result]!);
  }

  /** The next states; the states given stay. */
  async step(known: Planes, states: readonly Plane[], rows: StepRows): Promise<Plane[]> {
    const { cell, runner } = this;
    const planes: Record<string, Plane> = { ...known };
    cell.states.forEach(({ name }, index) => {
      planes[name] = states[index]!;
    });
    for (const kernel of cell.step) planes[kernel.result] = await runner.run(kernel, planes, states[0]!.rows, rows);
    const next = cell.states.map((state) => planes[state.next]!);
    for (const { result } of cell.step) if (!next.includes(planes[result]!)) runner.scope.release(planes[result]!);
    return next;
  }
}

/** The rows of each step, in the order in which the steps are computed. */
export function stepsOf({ batchSizes, reverse }: Pick<Sequence<unknown>, 'batchSizes' | 'reverse'>): StepRows[] {
  let first = 0;
  const steps = batchSizes.map((batch) => {
    first += batch;
    return { first: first - batch, batch };
  });
  return reverse ? steps.reverse() : steps;
}
