import type { Dimensions, KernelSource } from './cell.ts';
import type { Plane } from './device.ts';
import { RowStack } from './row-stack.ts';
import type { Planes, Scope } from './scope.ts';

/** Rows in hand, of those of all steps. */
export interface Rows {
  /** Where they begin. */
  readonly first: number;
  /** How many there are; further rows of planes are of no use. */
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

  /** Runs a kernel for a result of `rows` rows; `numbers`: those that are no dimensions. */
  run(kernel: KernelSource, known: Planes, rows: number, numbers: object = {}): Promise<Plane> {
    const { dimensions } = this;
    return this.scope.run({
      kernel,
      width: kernel.width(dimensions),
      rows,
      planes: kernel.planes.map((name) => known[name]!),
      numbers: [
        ...kernel.dimensions.map((name) => dimensions[name]!),
        ...kernel.numbers.map((name) => (numbers as Readonly<Record<string, number>>)[name]!),
      ],
    });
  }

  /**
   * Works on some rows of planes that have those of all steps: where they lie or, where the device does not hoist, on
   * copies of `height` rows, so that nothing that is compiled depends on the number of steps.
   *
   * @param names  of the planes
   * @param work   is given all that is known in an object of its own
   */
  async withRows(
    known: Planes,
    names: readonly string[],
    { first, batch }: Rows,
    height: number,
    work: (planes: Record<string, Plane>, rows: Rows) => Promise<void>,
  ): Promise<void> {
    const { scope } = this;
    const planes = { ...known };
    if (scope.device.hoists) return await work(planes, { first, batch });
    const copies = names.map((name) => {
      planes[name] = this.part(known[name]!, { first, batch }, height);
      return planes[name];
    });
    await work(planes, { first: 0, batch });
    for (const copy of copies) scope.release(copy);
  }

  /**
   * Works on all rows: at once or, where the device does not hoist, on chunks of `height` rows.
   *
   * @param names  of the planes with a row for each
   */
  async inChunks(
    known: Planes,
    names: readonly string[],
    rows: number,
    height: number,
    work: (planes: Record<string, Plane>, rows: number, height: number) => Promise<void>,
  ): Promise<void> {
    const chunk = this.scope.device.hoists ? rows : height;
    for (let first = 0; first < rows; first += chunk) {
      const batch = Math.min(chunk, rows - first);
      await this.withRows(known, names, { first, batch }, chunk, (planes) => work(planes, batch, chunk));
    }
  }

  /** Stacks for results by name; `reverse`: later parts come above earlier ones. */
  stacks(names: readonly string[], reverse: boolean): ReadonlyMap<string, RowStack> {
    return new Map(names.map((name) => [name, new RowStack(this.scope, reverse)]));
  }

  private part(plane: Plane, { first, batch }: Rows, height: number): Plane {
    const { scope } = this;
    return plane.rows === height && batch === height ? scope.hold(plane) : scope.slice(plane, first, batch, height);
  }
}
