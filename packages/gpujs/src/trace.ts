import type { Call, FloatArray, LayerGradients, Run, Sequence, Trace } from '@congruent/runtime';
import { Buffer } from './buffer.ts';
import type { GpuCall } from './call.ts';
import type { Dimensions, GpuCell } from './cell.ts';
import type { Device, Plane } from './device.ts';
import { Recorder } from './recorder.ts';
import { type Planes, Scope } from './scope.ts';
import { WayBack } from './way-back.ts';

/** What a trace needs of its layer. */
interface Parts {
  readonly cell: GpuCell;
  readonly device: Device;
  readonly dimensions: Dimensions;
  readonly sequence: Sequence<Buffer>;
  /** Those of the layer that are not disposed of. */
  readonly traces: Set<GpuTrace>;
}

/** What one run recorded, on the device until it is disposed of. */
export class GpuTrace implements Trace<'async', Buffer> {
  private readonly cell: GpuCell;
  private readonly dimensions: Dimensions;
  private readonly sequence: Pick<Sequence<Buffer>, 'batchSizes' | 'reverse'>;
  private readonly traces: Set<GpuTrace>;
  private readonly scope: Scope;
  private readonly recorder: Recorder;
  private recorded: Planes = {};

  constructor({ cell, device, dimensions, sequence: { batchSizes, reverse }, traces }: Parts) {
    this.cell = cell;
    this.dimensions = dimensions;
    this.sequence = { batchSizes, reverse };
    this.traces = traces;
    this.scope = new Scope(device);
    this.recorder = new Recorder(cell, dimensions, this.scope, reverse);
    traces.add(this);
  }

  /** Before each step, with the states that it reads. */
  async before(states: readonly Plane[], batch: number): Promise<void> {
    await this.recorder.before(states, batch);
  }

  /** After the last step, with all that is known of the forward pass. */
  async finish(known: Planes): Promise<void> {
    this.recorded = await this.recorder.finish(known);
  }

  async pullback(
    call: Call<'async', Buffer>,
    parameters: Readonly<Record<string, FloatArray>>,
    adjoints: Run<Buffer>,
  ): Promise<LayerGradients<Buffer>> {
    const { cell, dimensions, recorded, sequence } = this;
    const { scope } = call as GpuCall;
    const weights = await scope.uploadAll(cell.adjoint.prepare(parameters, dimensions));
    const outputs = await adjoints.outputs[0]!.plane(dimensions.H);
    const last = await adjoints.states[0]!.plane(dimensions.H);
    const back = new WayBack(cell.adjoint, dimensions, scope);
    const { input, states, sums } = await back.pull({ ...weights, ...recorded }, outputs, [last], sequence);
    let found: Promise<Readonly<Record<string, Float32Array>>> | undefined;
    const gradientOf = async (name: string): Promise<Float32Array> => {
      found ??= scope.downloadAll(sums).then((arrays) => cell.adjoint.gradients(arrays, dimensions, parameters));
      return (await found)[name]!;
    };
    return {
      inputs: [Buffer.at(input)],
      states: states.map((state) => Buffer.at(state)),
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, { length }]) => [
          name,
          Buffer.found(scope, length, () => gradientOf(name)),
        ]),
      ),
    };
  }

  dispose(): void {
    this.traces.delete(this);
    this.scope.end();
  }
}
