import type { Call, FloatArray, Layer, LayerStream, RecordedRun, Run, Sequence } from '@congruent/runtime';
import { Buffer } from './buffer.ts';
import type { GpuCall } from './call.ts';
import { type Dimensions, type GpuCell, kernelsIn } from './cell.ts';
import type { Device } from './device.ts';
import { Pass } from './pass.ts';
import type { HostPlane } from './planes.ts';
import { Runner } from './runner.ts';
import { type Planes, Scope } from './scope.ts';
import { GpuStream } from './stream.ts';
import { GpuTrace, planesOf } from './trace.ts';

/** One cell in one direction: its weights, on the device from their first use on. */
export class GpuLayer implements Layer<'async', Buffer> {
  private readonly cell: GpuCell;
  private readonly device: Device;
  private readonly dimensions: Dimensions;
  private readonly scope: Scope;
  private readonly traces = new Set<GpuTrace>();
  private readonly streams = new Set<Scope>();
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
    this.host = this.cell.kernels.forward.prepare(parameters, this.dimensions);
  }

  async weights(): Promise<Planes> {
    this.uploaded ??= await this.scope.uploadAll(this.host, kernelsIn(this.cell.kernels.forward));
    return this.uploaded;
  }

  async run(call: Call<'async', Buffer>, sequence: Sequence<Buffer>): Promise<Run<Buffer>> {
    return await this.runSequence(call as GpuCall, sequence, undefined);
  }

  async record(call: Call<'async', Buffer>, sequence: Sequence<Buffer>): Promise<RecordedRun<'async', Buffer>> {
    const { cell, device, dimensions, traces } = this;
    await device.prepareTraining(cell.kernels);
    const trace = new GpuTrace({ cell, device, dimensions, sequence, traces });
    try {
      return { ...(await this.runSequence(call as GpuCall, sequence, trace)), trace };
    } catch (error) {
      trace.dispose();
      throw error;
    }
  }

  stream(batch: number, below: LayerStream<'async'> | undefined): LayerStream<'async'> {
    const weights = () => this.weights();
    const { cell, device, dimensions, streams: scopes } = this;
    return new GpuStream({ cell, device, dimensions, batch, weights, below: below as GpuStream | undefined, scopes });
  }

  dispose(): void {
    this.scope.end();
    for (const trace of this.traces) trace.dispose();
    for (const scope of this.streams) scope.end();
    this.streams.clear();
  }

  private async runSequence(
    { scope }: GpuCall,
    { inputs, states, ...order }: Sequence<Buffer>,
    trace: GpuTrace | undefined,
  ): Promise<Run<Buffer>> {
    const { cell, dimensions } = this;
    const { signature } = cell;
    const rows = await planesOf(inputs, signature.inputs, dimensions);
    const initial = await planesOf(states, signature.states, dimensions);
    const given = Object.fromEntries(cell.kernels.forward.inputs.map((name, index) => [name, rows[index]!]));
    const chunk = trace ? cell.kernels.backward.sumBlock : order.batchSizes[0]!;
    const runner = new Runner(dimensions, scope);
    const pass = new Pass(cell.kernels.forward, runner, order, chunk, { ...(await this.weights()), ...given });
    const last = await pass.run(initial, trace !== undefined);
    trace?.record(pass);
    pass.release(cell.kernels.forward.outputs);
    return {
      outputs: pass.named(cell.kernels.forward.outputs).map((plane) => Buffer.at(plane)),
      states: last.map((plane) => Buffer.at(plane)),
    };
  }
}
