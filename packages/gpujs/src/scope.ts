import type { Device, Part, Plane, Run } from './device.ts';

/** The planes of one computation: whatever it makes here is released at its end, if not before. */
export class Scope {
  readonly device: Device;
  private readonly planes = new Set<Plane>();

  constructor(device: Device) {
    this.device = device;
  }

  async upload(data: Float32Array, width: number): Promise<Plane> {
    return this.own(await this.device.upload(data, width));
  }

  async run(call: Run<Plane>): Promise<Plane> {
    return this.own(await this.device.run(call));
  }

  slice(plane: Plane, first: number, rows: number, height: number): Plane {
    return this.own(this.device.slice(plane, first, rows, height));
  }

  async stack(parts: readonly Part<Plane>[]): Promise<Plane> {
    return this.own(await this.device.stack(parts));
  }

  async beside(left: Plane, right: Plane): Promise<Plane> {
    return this.own(await this.device.beside(left, right));
  }

  async times(plane: Plane, mask: Plane): Promise<Plane> {
    return this.own(await this.device.times(plane, mask));
  }

  release(plane: Plane): void {
    if (this.planes.delete(plane)) this.device.release(plane);
  }

  end(): void {
    for (const plane of this.planes) this.device.release(plane);
    this.planes.clear();
  }

  private own(plane: Plane): Plane {
    this.planes.add(plane);
    return plane;
  }
}
