import { asyncDriver, waitAll } from '@congruent/runtime';
import type { KernelSource } from './cell.ts';
import type { Device, Part, Plane, Run } from './device.ts';
import type { HostPlane } from './planes.ts';

/** Planes by name. */
export type Planes = Readonly<Record<string, Plane>>;

/** How often a plane is held, by all scopes together. */
const holders = new WeakMap<Plane, number>();

/** The planes of one computation: whatever it makes or holds is released at its end, if not before. */
export class Scope {
  readonly device: Device;
  private readonly planes = new Map<Plane, number>();

  constructor(device: Device) {
    this.device = device;
  }

  async upload(data: Float32Array, width: number): Promise<Plane> {
    return this.hold(await this.device.upload(data, width));
  }

  /** Uploads those planes that kernels read. */
  async uploadAll(host: Readonly<Record<string, HostPlane>>, kernels: readonly KernelSource[]): Promise<Planes> {
    const read = new Set(kernels.flatMap(({ planes }) => planes));
    const planes: Record<string, Plane> = {};
    for (const [name, { data, width }] of Object.entries(host)) {
      if (read.has(name)) planes[name] = await this.upload(data, width);
    }
    return planes;
  }

  async downloadAll(planes: Planes): Promise<Readonly<Record<string, Float32Array>>> {
    const reads = Object.entries(planes).map(
      async ([name, plane]) => [name, await this.device.download(plane)] as const,
    );
    return Object.fromEntries(await asyncDriver.drive(waitAll<'async', readonly [string, Float32Array]>(reads)));
  }

  async run(call: Run<Plane>): Promise<Plane> {
    return this.hold(await this.device.run(call));
  }

  slice(plane: Plane, first: number, rows: number, height: number): Plane {
    return this.hold(this.device.slice(plane, first, rows, height));
  }

  async stack(parts: readonly Part<Plane>[]): Promise<Plane> {
    return this.hold(await this.device.stack(parts));
  }

  async beside(left: Plane, right: Plane): Promise<Plane> {
    return this.hold(await this.device.beside(left, right));
  }

  async times(plane: Plane, mask: Plane): Promise<Plane> {
    return this.hold(await this.device.times(plane, mask));
  }

  async plus(left: Plane, right: Plane): Promise<Plane> {
    return this.hold(await this.device.plus(left, right));
  }

  async columns(plane: Plane, first: number, width: number): Promise<Plane> {
    return this.hold(await this.device.columns(plane, first, width));
  }

  /** Keeps a plane once more, here or in another scope; it is freed when it was released as often. */
  hold(plane: Plane): Plane {
    this.planes.set(plane, (this.planes.get(plane) ?? 0) + 1);
    holders.set(plane, (holders.get(plane) ?? 0) + 1);
    return plane;
  }

  release(plane: Plane): void {
    const count = this.planes.get(plane);
    if (count === undefined) return;
    if (count > 1) this.planes.set(plane, count - 1);
    else this.planes.delete(plane);
    const others = holders.get(plane)! - 1;
    holders.set(plane, others);
    if (others === 0) this.device.release(plane);
  }

  end(): void {
    for (const [plane, count] of [...this.planes]) for (let time = 0; time < count; time++) this.release(plane);
  }
}
