import {
  type Call,
  type FloatArray,
  type LayerGradients,
  type Run,
  rowsOf,
  type Sequence,
  type Trace,
  widthOf,
} from '@congruent/runtime';
import { Buffer } from './buffer.ts';
import type { GpuCall } from './call.ts';
import { type Dimensions, type GpuBackward, type GpuCell, kernelsIn } from './cell.ts';
import type { Device, Plane } from './device.ts';
import { Pass, type StepOrder } from './pass.ts';
import { Runner } from './runner.ts';
import { type Planes, Scope } from './scope.ts';

/** What a trace needs of its layer. */
interface Parts {
  readonly cell: GpuCell;
  readonly device: Device;
  readonly dimensions: Dimensions;
  readonly sequence: Sequence<Buffer>;
  /** Those of the layer whose memory is to be freed with it. */
  readonly traces: Set<GpuTrace>;
}

/** What one run recorded, on the device until it is disposed of. */
export class GpuTrace implements Trace<'async', Buffer> {
  readonly ownsMemory: boolean;
  private readonly cell: GpuCell;
  private readonly dimensions: Dimensions;
  private readonly order: StepOrder;
  private readonly traces: Set<GpuTrace>;
  private readonly scope: Scope;
  private inputs: readonly Plane[] = [];
  private residuals: Planes = {};

  constructor({ cell, device, dimensions, sequence: { batchSizes, reverse }, traces }: Parts) {
    this.cell = cell;
    this.dimensions = dimensions;
    this.order = { batchSizes, reverse: !reverse };
    this.traces = traces;
    this.scope = new Scope(device);
    this.ownsMemory = device.ownsMemory;
    if (this.ownsMemory) traces.add(this);
  }

  /** Takes what a pass that recorded knows. */
  record(pass: Pass): void {
    const { scope, cell } = this;
    this.inputs = pass.named(cell.kernels.forward.inputs).map((plane) => scope.hold(plane));
    const residuals = pass
      .named(cell.kernels.forward.recorded)
      .map((plane, index) => [cell.kernels.forward.recorded[index]!, scope.hold(plane)]);
    this.residuals = Object.fromEntries(residuals);
  }

  async pullback(
    call: Call<'async', Buffer>,
    parameters: Readonly<Record<string, FloatArray>>,
    adjoints: Run<Buffer>,
  ): Promise<LayerGradients<Buffer>> {
    const { dimensions, order } = this;
    const {
      signature,
      kernels: { backward },
    } = this.cell;
    const { scope } = call as GpuCall;
    const prepared = backward.prepare(parameters, dimensions);
    const outputs = await planesOf(adjoints.outputs, signature.outputs, dimensions);
    const last = await planesOf(adjoints.states, signature.states, dimensions);
    const rows = [...this.inputs, ...outputs].map((plane, index) => [backward.inputs[index]!, plane] as const);
    const given = {
      ...(await scope.uploadAll(prepared, kernelsIn(backward))),
      ...this.residuals,
      ...Object.fromEntries(rows),
    };
    const runner = new Runner(dimensions, scope);
    const pass = new Pass(backward, runner, order, backward.sumBlock, given);
    const states = await pass.run(last, false);
    const sums = await sumsOf(backward, runner, pass, rowsOf(order.batchSizes));
    pass.release(backward.outputs);
    let found: Promise<Readonly<Record<string, Float32Array>>> | undefined;
    const gradientOf = async (name: string): Promise<Float32Array> => {
      found ??= scope.downloadAll(sums).then((arrays) => backward.gradients(arrays, prepared, dimensions));
      return (await found)[name]!;
    };
    return {
      inputs: pass.named(backward.outputs).map((plane) => Buffer.at(plane)),
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

/** The planes of buffers with the values that a signature says. */
export async function planesOf(
  buffers: readonly Buffer[],
  values: readonly Parameters<typeof widthOf>[0][],
  dimensions: Dimensions,
): Promise<readonly Plane[]> {
  const planes: Plane[] = [];
  for (const [index, buffer] of buffers.entries()) planes.push(await buffer.plane(widthOf(values[index]!, dimensions)));
  return planes;
}

/** The sums over all rows that the gradients of the parameters are made of, in blocks that are added in order. */
async function sumsOf(backward: GpuBackward, runner: Runner, pass: Pass, rows: number): Promise<Planes> {
  const { scope, dimensions } = runner;
  const sums: Record<string, Plane> = {};
  for (const kernel of backward.sums) {
    let total: Plane | undefined;
    await runner.inChunks(pass.known, kernel.planes, rows, backward.sumBlock, async (planes, batch) => {
      const part = await runner.run(kernel, planes, kernel.height(dimensions), { rows: batch });
      const before = total;
      total = before ? await scope.plus(before, part) : part;
      if (before) for (const plane of [before, part]) scope.release(plane);
    });
    sums[kernel.result] = total!;
  }
  return sums;
}
