import type { Call, FloatArray, Layer, LayerStream, RecordedRun, Run, Sequence } from '@congruent/runtime';
import { Buffer } from './buffer.ts';
import type { GpuCall } from './call.ts';
import type { Dimensions, GpuCell } from './cell.ts';
import type { Device, Plane } from './device.ts';
import type { HostPlane } from './planes.ts';
import { RowStack } from './row-stack.ts';
import { type Planes, Scope } from './scope.ts';
import { Steps, stepsOf } from './steps.ts';
import { GpuStream } from './stream.ts';
import { GpuTrace } from './trace.ts';

/** One cell in one direction: its weights, on the device from their first use on. */
export class GpuLayer implements Layer<'async', Buffer> {
  private readonly cell: GpuCell;
  private readonly device: Device;
  private readonly dimensions: Dimensions;
  private readonly scope: Scope;
  private readonly traces = new Set<GpuTrace>();
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
    this.uploaded ??= await this.scope.uploadAll(this.host);
    return this.uploaded;
  }

  async run(call: Call<'async', Buffer>, sequence: Sequence<Buffer>): Promise<Run<Buffer>> {
    return await this.runSteps(call as GpuCall, sequence, undefined);
  }

  async record(call: Call<'async', Buffer>, sequence: Sequence<Buffer>): Promise<RecordedRun<'async', Buffer>> {
    const { cell, device, dimensions, traces } = this;
    await device.prepareTraining();
    const trace = new GpuTrace({ cell, device, dimensions, sequence, traces });
    try {
      return { ...(await this.runSteps(call as GpuCall, sequence, trace)), trace };
    } catch (error) {
      trace.dispose();
      throw error;
    }
  }

  stream(batch: number, below: LayerStream<'async'> | undefined): LayerStream<'async'> {
    const weights = () => this.weights();
    const { cell, device, dimensions } = this;
    return new GpuStream({ cell, device, dimensions, batch, weights, below: below as GpuStream | undefined });
  }

  dispose(): void {
    this.scope.end();
    for (const trace of this.traces) trace.dispose();
  }

  private async runSteps(
    { scope }: GpuCall,
    sequence: Sequence<Buffer>,
    trace: GpuTrace | undefined,
  ): Promise<Run<Buffer>> {
    const { I, H } = this.dimensions;
    const steps = new Steps(this.cell, this.dimensions, scope);
    const weights = await this.weights();
    const inputs = await sequence.inputs[0]!.plane(I);
    const initial = await sequence.states[0]!.plane(H);
    const all = this.device.hoists ? await steps.before(weights, inputs) : undefined;
    const output = new RowStack(scope, sequence.reverse);
    let last = initial;
    for (const { first, batch } of stepsOf(sequence)) {
      await trace?.before([last], batch);
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
    await trace?.finish(all ?? { ...weights, [this.cell.input]: inputs });
    if (all) steps.releaseBefore(all);
    return { outputs: [Buffer.at(await output.finish(last))], states: [Buffer.at(last)] };
  }
}
