import type { FloatArray, LayerStream } from '@congruent/runtime';
import type { Dimensions, GpuCell } from './cell.ts';
import type { Device, Plane } from './device.ts';
import { type Planes, Scope } from './scope.ts';
import { Steps } from './steps.ts';

/** What a stream needs of its layer. */
interface Parts {
  readonly cell: GpuCell;
  readonly device: Device;
  readonly dimensions: Dimensions;
  readonly batch: number;
  weights(): Promise<Planes>;
  /** The stream whose state is the input. */
  readonly below: GpuStream | undefined;
}

/** One layer stepped one time step at a time; its state stays on the device. */
export class GpuStream implements LayerStream<'async'> {
  private readonly parts: Parts;
  private readonly scope: Scope;
  private readonly steps: Steps;
  private input: Float32Array | undefined;
  /** A state that was set and is not on the device yet. */
  private given: Float32Array;
  private plane: Plane | undefined;

  constructor(parts: Parts) {
    this.parts = parts;
    this.scope = new Scope(parts.device);
    this.steps = new Steps(parts.cell, parts.dimensions, this.scope);
    this.given = new Float32Array(parts.batch * parts.dimensions.H);
  }

  write(_: number, input: FloatArray): void {
    this.input = (input as Float32Array).slice();
  }

  async step(): Promise<void> {
    const { scope, steps } = this;
    const { dimensions, batch, below } = this.parts;
    const weights = await this.parts.weights();
    const input = below ? await below.state() : await scope.upload(this.input!, dimensions.I);
    const state = await this.state();
    const known = await steps.before(weights, input);
    const [next] = (await steps.step(known, [state], { first: 0, batch })) as [Plane];
    steps.releaseBefore(known);
    scope.release(state);
    if (!below) scope.release(input);
    this.plane = next;
  }

  async read(_: number, into: FloatArray): Promise<void> {
    into.set(this.plane ? await this.parts.device.download(this.plane) : this.given);
  }

  async readState(state: number, into: FloatArray): Promise<void> {
    await this.read(state, into);
  }

  setStates([state]: readonly FloatArray[]): void {
    if (this.plane) this.scope.release(this.plane);
    this.plane = undefined;
    this.given = (state as Float32Array).slice();
  }

  dispose(): void {
    this.scope.end();
    this.plane = undefined;
  }

  /** The state on the device. */
  async state(): Promise<Plane> {
    this.plane ??= await this.scope.upload(this.given, this.parts.dimensions.H);
    return this.plane;
  }
}
