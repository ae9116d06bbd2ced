import { rowsOf, type Sequence } from '@congruent/runtime';
import type { GpuPass, KernelSource, RowsPhase, StepsPhase } from './cell.ts';
import type { Plane } from './device.ts';
import type { RowStack } from './row-stack.ts';
import type { Rows, Runner } from './runner.ts';
import type { Planes } from './scope.ts';

/** How the steps of a sequence lie, and in which order they run. */
export type StepOrder = Pick<Sequence<unknown>, 'batchSizes' | 'reverse'>;

/** One direction of a cell over the rows of one sequence. */
export class Pass {
  private readonly pass: GpuPass;
  private readonly runner: Runner;
  private readonly order: StepOrder;
  /** Rows at a time of what is computed for all of them, where the device does not hoist. */
  private readonly chunk: number;
  /** All that is known. */
  private readonly planes: Record<string, Plane>;
  /** What the phases made of it. */
  private readonly made: string[] = [];

  /**
   * @param order  `reverse`: from the last step to the first
   * @param given  weights, inputs and, backwards, what was recorded; they stay
   */
  constructor(pass: GpuPass, runner: Runner, order: StepOrder, chunk: number, given: Planes) {
    this.pass = pass;
    this.runner = runner;
    this.order = order;
    this.chunk = chunk;
    this.planes = { ...given };
  }

  /**
   * Runs all phases.
   *
   * @param carries  as they are before the first step; they stay
   * @returns the carries after the last step, which are the caller's to release
   */
  async run(carries: readonly Plane[], recording: boolean): Promise<readonly Plane[]> {
    const { scope } = this.runner;
    const handed = new Map(this.pass.carries.map((name, index) => [name, scope.hold(carries[index]!)]));
    for (const phase of this.pass.phases) {
      if (phase.records && !recording) continue;
      const kept = phase.kind === 'rows' ? await this.rows(phase) : await this.steps(phase, handed, recording);
      for (const [name, stack] of kept) {
        this.planes[name] = await stack.finish();
        this.made.push(name);
      }
    }
    return this.pass.carries.map((name) => handed.get(name)!);
  }

  /** The same for a sequence of one step, where every plane has just its rows: nothing is cut out or stacked. */
  async runStep(carries: readonly Plane[]): Promise<readonly Plane[]> {
    const { planes, pass, order } = this;
    const [batch] = order.batchSizes as [number];
    const handed = [...carries];
    for (const phase of pass.phases) {
      if (phase.records) continue;
      for (const [index, name] of pass.carries.entries()) planes[name] = handed[index]!;
      for (const { name, rows } of phase.each ?? []) planes[rows] = planes[name]!;
      await this.kernels(phase.kernels, planes, batch, { first: 0, batch });
      for (const { result } of phase.kernels) this.made.push(result);
      for (const { name, next } of phase.carried ?? []) handed[pass.carries.indexOf(name)] = planes[next]!;
    }
    return handed.map((plane) => this.runner.scope.hold(plane));
  }

  /** All that is known now. */
  get known(): Planes {
    return this.planes;
  }

  /** Known planes by name. */
  named(names: readonly string[]): readonly Plane[] {
    return names.map((name) => this.planes[name]!);
  }

  /** Releases what the phases made, but for some. */
  release(but: readonly string[]): void {
    for (const name of this.made) if (!but.includes(name)) this.runner.scope.release(this.planes[name]!);
  }

  private async rows({ kernels, read, kept }: RowsPhase): Promise<ReadonlyMap<string, RowStack>> {
    const { runner } = this;
    const stacks = runner.stacks(kept, false);
    const all = rowsOf(this.order.batchSizes);
    await runner.inChunks(this.planes, read, all, this.chunk, async (planes, rows, height) => {
      await this.kernels(kernels, planes, height, {});
      for (const [name, stack] of stacks) await stack.push({ plane: runner.scope.hold(planes[name]!), rows });
      this.releaseResults(kernels, planes);
    });
    return stacks;
  }

  private async steps(
    { kernels, read, kept, carried, each }: StepsPhase,
    handed: Map<string, Plane>,
    recording: boolean,
  ): Promise<ReadonlyMap<string, RowStack>> {
    const { runner } = this;
    const { scope } = runner;
    const height = this.order.batchSizes[0]!;
    const before = each.filter(({ records }) => recording || !records);
    const stacks = runner.stacks([...before.map(({ rows }) => rows), ...kept], this.order.reverse);
    for (const step of stepsOf(this.order)) {
      await runner.withRows(this.planes, read, step, height, async (planes, rows) => {
        for (const { name } of carried) planes[name] = handed.get(name)!;
        for (const { name, rows: into } of before) {
          await stacks.get(into)!.push({ plane: scope.hold(planes[name]!), rows: rows.batch });
        }
        await this.kernels(kernels, planes, height, rows);
        for (const name of kept) await stacks.get(name)!.push({ plane: scope.hold(planes[name]!), rows: rows.batch });
        for (const { name, next } of carried) {
          handed.set(name, scope.hold(planes[next]!));
          scope.release(planes[name]!);
        }
        this.releaseResults(kernels, planes);
      });
    }
    return stacks;
  }

  /** Runs kernels in order, each reading what those before it gave. */
  private async kernels(
    kernels: readonly KernelSource[],
    planes: Record<string, Plane>,
    height: number,
    numbers: Partial<Rows>,
  ): Promise<void> {
    for (const kernel of kernels) planes[kernel.result] = await this.runner.run(kernel, planes, height, numbers);
  }

  /** Releases what kernels gave; whoever still needs some of it holds it. */
  private releaseResults(kernels: readonly KernelSource[], planes: Planes): void {
    for (const { result } of kernels) this.runner.scope.release(planes[result]!);
  }
}

/** The rows of each step, in the order in which the steps run. */
function stepsOf({ batchSizes, reverse }: StepOrder): readonly Rows[] {
  let first = 0;
  const steps = batchSizes.map((batch) => {
    first += batch;
    return { first: first - batch, batch };
  });
  return reverse ? steps.reverse() : steps;
}
