import type { Call, FloatArray } from '@congruent/runtime';
import { Buffer } from './buffer.ts';
import type { Device } from './device.ts';
import { Scope } from './scope.ts';

/** One computation on the device. */
export class GpuCall implements Call<'async', Buffer> {
  readonly scope: Scope;

  constructor(device: Device) {
    this.scope = new Scope(device);
  }

  upload(data: FloatArray): Buffer {
    return Buffer.of(this.scope, data as Float32Array);
  }

  async download(buffer: Buffer): Promise<FloatArray> {
    return await buffer.read(this.scope.device);
  }

  join(parts: readonly Buffer[], _: number, mask: FloatArray | undefined): Buffer {
    return Buffer.joined(this.scope, parts, mask as Float32Array | undefined);
  }

  split(whole: Buffer, count: number, rows: number, mask: FloatArray | undefined): Buffer[] {
    return Buffer.split(this.scope, whole, count, rows, mask as Float32Array | undefined);
  }

  add(left: Buffer, right: Buffer): Buffer {
    return Buffer.sum(this.scope, left, right);
  }

  end(): void {
    this.scope.end();
  }
}
