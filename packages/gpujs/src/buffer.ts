import { asyncDriver, waitAll } from '@congruent/runtime';
import type { Device, Plane } from './device.ts';
import type { Scope } from './scope.ts';

/** Numbers in the memory of the host. */
interface HostNumbers {
  readonly length: number;
  find(): Promise<Float32Array>;
}

/** Rows of one computation, on the device as soon as their width is known and they are needed there. */
export class Buffer {
  private readonly make: (width: number) => Promise<Plane>;
  private readonly host: HostNumbers | undefined;
  private made: Promise<Plane> | undefined;

  private constructor(make: (width: number) => Promise<Plane>, host?: HostNumbers) {
    this.make = make;
    this.host = host;
  }

  /** Numbers of the host, copied at once. */
  static of(scope: Scope, data: Float32Array): Buffer {
    const copy = data.slice();
    return Buffer.found(scope, copy.length, async () => copy);
  }

  /** Numbers that the host will find. */
  static found(scope: Scope, length: number, find: () => Promise<Float32Array>): Buffer {
    return new Buffer(async (width) => await scope.upload(await find(), width), { length, find });
  }

  /** What is on the device already. */
  static at(plane: Plane): Buffer {
    return new Buffer(async () => plane);
  }

  /** Parts side by side, times the mask where there is one. */
  static joined(scope: Scope, parts: readonly Buffer[], mask: Float32Array | undefined): Buffer {
    const factors = mask?.slice();
    return new Buffer(async () => {
      const planes = await asyncDriver.drive(waitAll<'async', Plane>(parts.map((part) => part.plane())));
      let [plane, ...others] = planes as [Plane, ...Plane[]];
      for (const other of others) plane = await scope.beside(plane, other);
      return factors ? await scope.times(plane, await scope.upload(factors, plane.width)) : plane;
    });
  }

  /** The inverse of `joined`, for `count` parts of one width. */
  static split(scope: Scope, whole: Buffer, count: number, rows: number, mask: Float32Array | undefined): Buffer[] {
    const factors = mask?.slice();
    const masked = new Buffer(async () => {
      const plane = await whole.planeOf(rows);
      return factors ? await scope.times(plane, await scope.upload(factors, plane.width)) : plane;
    });
    if (count === 1) return [masked];
    return Array.from(
      { length: count },
      (_, part) =>
        new Buffer(async () => {
          const plane = await masked.plane();
          const width = plane.width / count;
          return await scope.columns(plane, part * width, width);
        }),
    );
  }

  /** The sum of two of one size that are on the device. */
  static sum(scope: Scope, left: Buffer, right: Buffer): Buffer {
    return new Buffer(async () => await scope.plus(await left.plane(), await right.plane()));
  }

  /** The rows; `width` must be given for numbers of the host. */
  plane(width = 1): Promise<Plane> {
    this.made ??= this.make(width);
    return this.made;
  }

  /** The rows, of which there are `rows`. */
  planeOf(rows: number): Promise<Plane> {
    return this.plane((this.host?.length ?? 0) / rows);
  }

  /** A fresh array. */
  async read(device: Device): Promise<Float32Array> {
    return this.host ? (await this.host.find()).slice() : await device.download(await this.plane());
  }
}
