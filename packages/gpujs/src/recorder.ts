import { AllRows } from './all-rows.ts';
import type { Dimensions, GpuCell } from './cell.ts';
import type { Plane } from './device.ts';
import { RowStack } from './row-stack.ts';
import { Runner } from './runner.ts';
import type { Planes, Scope } from './scope.ts';

/** Records of a forward pass what the way back reads, in a scope that outlives it. */
export class Recorder {
  private readonly cell: GpuCell;
  private readonly runner: Runner;
  private readonly states: readonly RowStack[];
  private rows = 0;

  constructor(cell: GpuCell, dimensions: Dimensions, scope: Scope, reverse: boolean) {
    this.cell = cell;
    this.runner = new Runner(dimensions, scope);
    this.states = cell.states.map(() => new RowStack(scope, reverse));
  }

  /** Before each step: takes the states as they are, of which the step moves the first `batch` rows on. */
  async before(states: readonly Plane[], batch: number): Promise<void> {
    this.rows += batch;
    for (const [index, stack] of this.states.entries()) {
      await stack.push({ plane: this.runner.scope.hold(states[index]!), rows: batch });
    }
  }

  /**
   * After the last step.
   *
   * @param known  weights, the inputs, and what was computed for the rows of all steps before the first
   */
  async finish(known: Planes): Promise<Planes> {
    const { scope } = this.runner;
    const { before, input, states, adjoint } = this.cell;
    const planes: Record<string, Plane> = { ...known };
    for (const [index, { name }] of states.entries()) planes[name] = await this.states[index]!.finish();
    const missing = [...before, ...adjoint.keep].filter(({ result }) => planes[result] === undefined);
    const sequences = [input, ...states.map(({ name }) => name)];
    const all = new AllRows(this.runner, this.rows, adjoint.sumBlock);
    Object.assign(planes, await all.run(missing, planes, sequences, adjoint.recorded));
    for (const { name } of states) if (!adjoint.recorded.includes(name)) scope.release(planes[name]!);
    return Object.fromEntries(adjoint.recorded.map((name) => [name, scope.hold(planes[name]!)]));
  }
}
