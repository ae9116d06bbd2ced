import type { Call, Engine, Layer } from '@congruent/runtime';
import type { Buffer } from './buffer.ts';
import { GpuCall } from './call.ts';
import type { Dimensions, GpuCell } from './cell.ts';
import type { Device, DeviceName } from './device.ts';
import { GpuLayer } from './layer.ts';

/** The layers of one cell on a device that others use, too. */
export class GpuEngine implements Engine<'async', Buffer> {
  readonly device: DeviceName;
  private readonly cell: GpuCell;
  private readonly shared: Device;
  private readonly layers: GpuLayer[] = [];

  constructor(cell: GpuCell, shared: Device) {
    this.cell = cell;
    this.shared = shared;
    this.device = shared.name;
  }

  layer(dimensions: Dimensions): Layer<'async', Buffer> {
    const layer = new GpuLayer(this.cell, this.shared, dimensions);
    this.layers.push(layer);
    return layer;
  }

  call(): Call<'async', Buffer> {
    return new GpuCall(this.shared);
  }

  dispose(): void {
    for (const layer of this.layers) layer.dispose();
  }
}
