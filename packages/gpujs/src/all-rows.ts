import type { KernelSource, SumSource } from './cell.ts';
import type { Plane } from './device.ts';
import { RowStack } from './row-stack.ts';
import type { Runner } from './runner.ts';
import type { Planes } from './scope.ts';

/**
 * What is computed for the rows of all steps: at once or, where the device does not hoist, in chunks of one size, so
 * that nothing that is compiled depends on the number of rows.
 */
export class AllRows {
  private readonly runner: Runner;
  private readonly rows: number;
  private readonly chunk: number;

  /** @param chunk  rows that a sum adds up before it adds them to the total */
  constructor(runner: Runner, rows: number, chunk: number) {
    this.runner = runner;
    this.rows = rows;
    this.chunk = chunk;
  }

  /**
   * Runs kernels in order.
   *
   * @param names    of the planes with a row for each
   * @param results  planes to give; the others are released
   */
  async run(
    kernels: readonly KernelSource[],
    known: Planes,
    names: readonly string[],
    results: readonly string[],
  ): Promise<Planes> {
    const { runner } = this;
    const stacks = new Map(results.map((name) => [name, new RowStack(runner.scope, false)]));
    await this.inChunks(known, names, async (given, batch, height) => {
      const planes: Record<string, Plane> = { ...given };
      for (const kernel of kernels) planes[kernel.result] = await runner.run(kernel, planes, height);
      for (const { result } of kernels) {
        const plane = planes[result]!;
        const stack = stacks.get(result);
        if (stack) await stack.push({ plane, rows: batch });
        else runner.scope.release(plane);
      }
    });
    const found: Record<string, Plane> = {};
    for (const { result } of kernels) {
      const stack = stacks.get(result);
      if (stack) found[result] = await stack.finish();
    }
    return found;
  }

  /** Runs a sum; `names`: of the planes with a row for each. */
  async sum(kernel: SumSource, known: Planes, names: readonly string[]): Promise<Plane> {
    const { runner } = this;
    const { scope, dimensions } = runner;
    let total: Plane | undefined;
    await this.inChunks(known, names, async (planes, rows) => {
      const part = await runner.run(kernel, planes, kernel.height(dimensions), { rows });
      const before = total;
      total = before ? await scope.plus(before, part) : part;
      if (before) for (const plane of [before, part]) scope.release(plane);
    });
    return total!;
  }

  private async inChunks(
    known: Planes,
    names: readonly string[],
    work: (planes: Planes, rows: number, height: number) => Promise<void>,
  ): Promise<void> {
    const { runner, rows } = this;
    const height = runner.scope.device.hoists ? rows : this.chunk;
    for (let first = 0; first < rows; first += height) {
      const batch = Math.min(height, rows - first);
      await runner.withRows(known, names, { first, batch }, height, (planes) => work(planes, batch, height));
    }
  }
}
