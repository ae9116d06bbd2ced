import type { Plane } from './device.ts';
import type { Scope } from './scope.ts';

/** Rows of one computation, on the device as soon as their width is known and they are needed there. */
export class Buffer {
  private readonly make: (width: number) => Promise<Plane>;
  private made: Promise<Plane> | undefined;

  private constructor(make: (width: number) => Promise<Plane>) {
    this.make = make;
  }

  /** Numbers of the host, copied at once. */
  static of(scope: Scope, data: Float32Array): Buffer {
    const copy = data.slice();
    return new Buffer((width) => scope.upload(copy, width));
  }

  /** What is on the device already. */
  static at(plane: Plane): Buffer {
    return new Buffer(async () => plane);
  }

  /** Parts side by side, times the mask where there is one. */
  static joined(scope: Scope, parts: readonly Buffer[], mask: Float32Array | undefined): Buffer {
    const factors = mask?.slice();
    return new Buffer(async () => {
      let [plane, ...others] = (await Promise.all(parts.map((part) => part.plane()))) as [Plane, ...Plane[]];
      for (const other of others) plane = await scope.beside(plane, other);
      return factors ? await scope.times(plane, await scope.upload(factors, plane.width)) : plane;
    });
  }

  /** The rows; `width` must be given for numbers of the host. */
  plane(width = 1): Promise<Plane> {
    this.made ??= this.make(width);
    return this.made;
  }
}
