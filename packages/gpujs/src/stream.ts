import { type FloatArray, type LayerStream, widthOf } from '@congruent/runtime';
import type { Dimensions, GpuCell } from './cell.ts';
import type { Device, Plane } from './device.ts';
import { Pass } from './pass.ts';
import { Runner } from './runner.ts';
import { type Planes, Scope } from './scope.ts';

/** What a stream needs of its layer. */
interface Parts {
  readonly cell: GpuCell;
  readonly device: Device;
  readonly dimensions: Dimensions;
  readonly batch: number;
  weights(): Promise<Planes>;
  /** The stream whose first output is the input. */
  readonly below: GpuStream | undefined;
  /** Those of the layer's streams whose memory is to be freed with it. */
  readonly scopes: Set<Scope>;
}

/** Frees what lies on a device of streams that nothing holds any more, once the event loop turns. */
const dropped =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry<() => void>((release) => release());

/** One layer stepped one time step at a time; its states stay on the device. */
export class GpuStream implements LayerStream<'async'> {
  private readonly parts: Parts;
  private readonly scope: Scope;
  private readonly inputs: Float32Array[] = [];
  /** States that were set and are not on the device yet. */
  private given: readonly Float32Array[];
  private states: readonly Plane[] | undefined;
  private outputs: readonly Plane[] = [];

  constructor(parts: Parts) {
    const { cell, device, dimensions, batch, scopes } = parts;
    const scope = new Scope(device);
    this.parts = parts;
    this.scope = scope;
    this.given = cell.signature.states.map((state) => new Float32Array(batch * widthOf(state, dimensions)));
    if (!device.ownsMemory) return;
    scopes.add(scope);
    dropped?.register(this, () => release(scope, scopes));
  }

  write(input: number, data: FloatArray): void {
    this.inputs[input] = (data as Float32Array).slice();
  }

  async step(): Promise<void> {
    const { scope } = this;
    const { cell, dimensions, batch, below } = this.parts;
    const { inputs } = cell.signature;
    const rows: [string, Plane][] = [];
    for (const [index, name] of cell.kernels.forward.inputs.entries()) {
      const plane = below
        ? scope.hold(below.output())
        : await scope.upload(this.inputs[index]!, widthOf(inputs[index]!, dimensions));
      rows.push([name, plane]);
    }
    const given = { ...(await this.parts.weights()), ...Object.fromEntries(rows) };
    const order = { batchSizes: [batch], reverse: false };
    const pass = new Pass(cell.kernels.forward, new Runner(dimensions, scope), order, batch, given);
    const before = await this.current();
    const next = await pass.runStep(before);
    pass.release(cell.kernels.forward.outputs);
    for (const plane of [...before, ...this.outputs, ...rows.map(([, row]) => row)]) scope.release(plane);
    this.states = next;
    this.outputs = pass.named(cell.kernels.forward.outputs);
  }

  async read(output: number, into: FloatArray): Promise<void> {
    into.set(await this.parts.device.download(this.outputs[output]!));
  }

  async readState(state: number, into: FloatArray): Promise<void> {
    into.set(this.states ? await this.parts.device.download(this.states[state]!) : this.given[state]!);
  }

  setStates(states: readonly FloatArray[]): void {
    for (const plane of this.states ?? []) this.scope.release(plane);
    this.states = undefined;
    this.given = states.map((state) => (state as Float32Array).slice());
  }

  dispose(): void {
    release(this.scope, this.parts.scopes);
    this.states = undefined;
  }

  /** What the layer above reads: the first output of the last step. */
  output(): Plane {
    return this.outputs[0]!;
  }

  /** The states on the device. */
  private async current(): Promise<readonly Plane[]> {
    const { cell, dimensions } = this.parts;
    if (this.states) return this.states;
    const planes: Plane[] = [];
    for (const [index, state] of cell.signature.states.entries()) {
      planes.push(await this.scope.upload(this.given[index]!, widthOf(state, dimensions)));
    }
    this.states = planes;
    return planes;
  }
}

/** On its own, as it must not hold the stream. */
function release(scope: Scope, scopes: Set<Scope>): void {
  scopes.delete(scope);
  scope.end();
}
