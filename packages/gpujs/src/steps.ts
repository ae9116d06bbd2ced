import type { Dimensions } from '@congruent/runtime';
import type { GpuCell, KernelSource } from './cell.ts';
import type { Plane } from './device.ts';
import type { Scope } from './scope.ts';

/** Planes by name. */
export type Planes = Readonly<Record<string, Plane>>;

/** Which rows a step works on. */
export interface StepRows {
  /** Where they begin among the rows of all steps. */
  readonly first: number;
  /** How many there are; the states' further rows stay as they are. */
  readonly batch: number;
}

/** A cell on planes: runs its kernels in order, with dimensions in hand. */
export class Steps {
  private readonly cell: GpuCell;
  private readonly dimensions: Dimensions;
  private readonly scope: Scope;

  constructor(cell: GpuCell, dimensions: Dimensions, scope: Scope) {
    this.cell = cell;
    this.dimensions = dimensions;
    this.scope = scope;
  }

  /** What the rows of an input need before the steps: planes that the steps read. */
  async before(weights: Planes, input: Plane): Promise<Planes> {
    const known: Record<string, Plane> = { ...weights, [this.cell.input]: input };
    for (const kernel of this.cell.before) known[kernel.result] = await this.run(kernel, known, input.rows, {});
    return known;
  }

  /** Releases what `before` made. */
  releaseBefore(known: Planes): void {
    for (const { result } of this.cell.before) this.scope.release(known[result]!);
  }

  /** The next states; the states given stay. */
  async step(known: Planes, states: readonly Plane[], rows: StepRows): Promise<Plane[]> {
    const { cell } = this;
    const planes: Record<string, Plane> = { ...known };
    cell.states.forEach(({ name }, index) => {
      planes[name] = states[index]!;
    });
    for (const kernel of cell.step) planes[kernel.result] = await this.run(kernel, planes, states[0]!.rows, rows);
    const next = cell.states.map((state) => planes[state.next]!);
    for (const { result } of cell.step) if (!next.includes(planes[result]!)) this.scope.release(planes[result]!);
    return next;
  }

  private run(kernel: KernelSource, known: Planes, rows: number, more: Partial<StepRows>): Promise<Plane> {
    const numbers: Readonly<Record<string, number>> = { ...this.dimensions, ...more };
    return this.scope.run({
      kernel,
      width: kernel.width(this.dimensions),
      rows,
      planes: kernel.planes.map((name) => known[name]!),
      numbers: kernel.numbers.map((name) => numbers[name]!),
    });
  }
}
