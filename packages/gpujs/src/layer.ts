import type { Call, Dimensions, FloatArray, Layer, LayerStream, Sequence } from '@congruent/runtime';
import { Buffer } from './buffer.ts';
import type { GpuCell } from './cell.ts';
import type { Device, Plane } from './device.ts';
import type { HostPlane } from './planes.ts';
import { RowStack } from './row-stack.ts';
import { Scope } from './scope.ts';
import { type Planes, Steps } from './steps.ts';
import { GpuStream } from './stream.ts';

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
    return await this.scope.device.download(await buffer.plane());
  }

  join(parts: readonly Buffer[], _: number, mask: FloatArray | undefined): Buffer {
    return Buffer.joined(this.scope, parts, mask as Float32Array | undefined);
  }

  end(): void {
    this.scope.end();
  }
}

/** One cell in one direction: its weights, on the device from their first use on. */
export class GpuLayer implements Layer<'async', Buffer> {
  private readonly cell: GpuCell;
  private readonly device: Device;
  private readonly dimensions: Dimensions;
  private readonly scope: Scope;
  private host: Readonly<Record<string, HostPlane>> = {};
  private uploaded: Planes | undefined;

  constructor(cell: GpuCell, device: Device, dimensions: Dimensions) {
    this.cell = cell;
    this.device = device;
    this.dimensions = dimensions;
    this.scope = new Scope(device);
  }

  load(parameters: Readonly<Record<string, FloatArray>>): void {
    this.scope.end();
    this.uploaded = undefined;
    this.host = this.cell.prepare(parameters, this.dimensions);
  }

  async weights(): Promise<Planes> {
    if (this.uploaded) return this.uploaded;
    const planes: Record<string, Plane> = {};
    for (const [name, { data, width }] of Object.entries(this.host))
      planes[name] = await this.scope.upload(data, width);
    this.uploaded = planes;
    return planes;
  }

  async run(
    call: Call<'async', Buffer>,
    { input, state, batchSizes, reverse }: Sequence<Buffer>,
  ): Promise<{ output: Buffer; state: Buffer }> {
    const { scope } = call as GpuCall;
    const { I, H } = this.dimensions;
    const steps = new Steps(this.cell, this.dimensions, scope);
    const weights = await this.weights();
    const inputs = await input.plane(I);
    const initial = await state.plane(H);
    const all = this.device.hoists ? await steps.before(weights, inputs) : undefined;
    const output = new RowStack(scope, reverse);
    let last = initial;
    for (const { first, batch } of inOrder(batchSizes, reverse)) {
      if (all) {
        [last] = (await steps.step(all, [last], { first, batch })) as [Plane];
      } else {
        const rows = scope.slice(inputs, first, batch, initial.rows);
        const known = await steps.before(weights, rows);
        [last] = (await steps.step(known, [last], { first: 0, batch })) as [Plane];
        steps.releaseBefore(known);
        scope.release(rows);
      }
      await output.push({ plane: last, rows: batch });
    }
    if (all) steps.releaseBefore(all);
    return { output: Buffer.at(await output.finish(last)), state: Buffer.at(last) };
  }

  stream(batch: number, below: LayerStream<'async'> | undefined): LayerStream<'async'> {
    const weights = () => this.weights();
    const { cell, device, dimensions } = this;
    return new GpuStream({ cell, device, dimensions, batch, weights, below: below as GpuStream | undefined });
  }

  dispose(): void {
    this.scope.end();
  }
}

/** The rows of each step, in the order in which the steps are computed. */
function inOrder(batchSizes: readonly number[], reverse: boolean): { first: number; batch: number }[] {
  let first = 0;
  const steps = batchSizes.map((batch) => {
    first += batch;
    return { first: first - batch, batch };
  });
  return reverse ? steps.reverse() : steps;
}
