import type { Dimensions, KernelSource } from './cell.ts';
import type { Plane } from './device.ts';
import type { Planes, Scope } from './scope.ts';

/** Which rows a step works on. */
export interface StepRows {
  /** Where they begin among the rows of all steps. */
  readonly first: number;
  /** How many there are; the states' further rows stay as they are. */
  readonly batch: number;
}

/** Runs kernels on planes by name, with dimensions in hand. */
export class Runner {
  readonly scope: Scope;
  readonly dimensions: Dimensions;

  constructor(dimensions: Dimensions, scope: Scope) {
    this.dimensions = dimensions;
    this.scope = scope;
  }

  /** Runs a kernel for a result of `rows` rows; `more`: its numbers that are no dimensions. */
  run(kernel: KernelSource, known: Planes, rows: number, more: object = {}): Promise<Plane> {
    const numbers = { ...this.dimensions, ...more } as Readonly<Record<string, number>>;
    return this.scope.run({
      kernel,
      width: kernel.width(this.dimensions),
      rows,
      planes: kernel.planes.map((name) => known[name]!),
      numbers: kernel.numbers.map((name) => numbers[name]!),
    });
  }

  /**
   * Works on some rows of planes that have those of all steps: where they lie or, where the device does not hoist, on
   * copies of `height` rows.
   *
   * @param names  of the planes
   */
  async withRows<T>(
    known: Planes,
    names: readonly string[],
    { first, batch }: StepRows,
    height: number,
    work: (planes: Planes, rows: StepRows) => Promise<T>,
  ): Promise<T> {
    const { scope } = this;
    if (scope.device.hoists) return await work(known, { first, batch });
    const copies = names.map((name) => [name, scope.slice(known[name]!, first, batch, height)] as const);
    const result = await work({ ...known, ...Object.fromEntries(copies) }, { first: 0, batch });
    for (const [, copy] of copies) scope.release(copy);
    return result;
  }
}
