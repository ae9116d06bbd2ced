import type { GRUStream } from '../api.ts';
import type { LayerStream, Mode, Reply } from '../backend/engine.ts';
import { disposable, disposedError } from '../disposable.ts';
import { drive, type Steps, wait, waitAll } from '../drive.ts';
import { CongruentError, describe } from '../errors.ts';
import { type BatchRows, type ExpectedStates, readStates } from '../sequences/sequence.ts';
import { arrayOf, checkTensor, type FloatArray, type Tensor, zeros } from '../tensor.ts';
import { begin, type Turns } from './turns.ts';

/** What a stream needs of the GRU it belongs to. */
export interface StreamParts<M extends Mode> {
  readonly mode: M;
  readonly turns: Turns;
  /** Makes the layers' streams, from the bottom, each reading the one below. */
  open(): readonly LayerStream<M>[];
  readonly batchSize: number;
  readonly inputSize: number;
  readonly states: ExpectedStates;
  /** Called once, when the stream is disposed of. */
  onDispose(): void;
}

/** A stack of layers stepped one time step at a time, the state kept in the backend. */
export class StackStream<M extends Mode> implements GRUStream<M> {
  readonly #parts: StreamParts<M>;
  #layers: readonly LayerStream<M>[];
  readonly #sync: boolean;
  readonly #inputLength: number;
  readonly #arrayType: Float32ArrayConstructor | Float64ArrayConstructor;
  readonly #outputLength: number;
  /** What a synchronous `step` hands out, again and again; written before it is handed out, and never read. */
  #result: FloatArray;
  #disposed = false;
  declare readonly [Symbol.dispose]: () => void;

  static {
    disposable(StackStream.prototype);
  }

  constructor(parts: StreamParts<M>, h0: Tensor | undefined) {
    this.#parts = parts;
    const states = this.#readStates('GRU.stream: h0', h0);
    this.#layers = parts.open();
    this.#sync = parts.mode === 'sync';
    this.#inputLength = parts.batchSize * parts.inputSize;
    this.#outputLength = parts.batchSize * parts.states.hiddenSize;
    this.#arrayType = arrayOf(parts.states.dtype);
    this.#result = this.#fresh();
    this.#setStates(states);
  }

  // The one hot path of the runtime: at audio rates a generator, a closure or an allocation here would be heard.
  step(x: FloatArray): Reply<M, FloatArray> {
    if (!this.#sync) return drive(this.#parts.mode, this.#stepAsync(x));
    if (this.#disposed || !(x instanceof this.#arrayType) || x.length !== this.#inputLength) this.#check(x);
    const layers = this.#layers;
    layers[0]!.write(0, x);
    for (let i = 0; i < layers.length; i++) layers[i]!.step();
    if (this.#result.length !== this.#outputLength) this.#result = this.#fresh(); // the caller transferred it
    layers[layers.length - 1]!.read(0, this.#result);
    return this.#result as Reply<M, FloatArray>;
  }

  get state(): Reply<M, Tensor> {
    return drive(this.#parts.mode, this.#readState());
  }

  reset(h0?: Tensor): void {
    this.#checkAlive('reset');
    const states = this.#readStates('GRUStream.reset: h0', h0);
    // Copies where the states wait for their turn, as the caller may change its array meanwhile.
    const kept = this.#sync ? states : states.map((state) => state.slice());
    this.#parts.turns.run(() => this.#setStates(kept));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#parts.onDispose();
    this.#parts.turns.run(() => {
      for (const layer of this.#layers) layer.dispose();
      this.#layers = []; // whoever still holds this stream holds nothing of the backend
    });
  }

  *#stepAsync(x: FloatArray): Steps<FloatArray> {
    this.#check(x);
    const turn = this.#parts.turns.take();
    try {
      const input = turn.before === undefined ? x : x.slice();
      yield* begin(turn);
      this.#layers[0]!.write(0, input);
      for (const layer of this.#layers) yield* wait<M, void>(layer.step());
      const result = this.#fresh(); // not the one of the step before, which its caller may not have seen yet
      yield* wait<M, void>(this.#layers.at(-1)!.read(0, result));
      return result;
    } finally {
      turn.end();
    }
  }

  *#readState(): Steps<Tensor> {
    this.#checkAlive('state');
    const turn = this.#parts.turns.take();
    try {
      yield* begin(turn);
      const { batchSize, states } = this.#parts;
      const size = this.#outputLength;
      const data = zeros(states.dtype, states.count * size);
      yield* waitAll<M, void>(
        this.#layers.map((layer, i) => layer.readState(0, data.subarray(i * size, (i + 1) * size))),
      );
      return { data, shape: [states.count, batchSize, states.hiddenSize] };
    } finally {
      turn.end();
    }
  }

  #readStates(where: string, h0: Tensor | undefined): FloatArray[] {
    const { batchSize: batch, states } = this.#parts;
    const rows: BatchRows = {
      batch,
      kind: batch === 1 && h0?.shape?.length === 2 ? 'unbatched' : 'packed',
      order: null,
    };
    return readStates(where, h0, rows, states);
  }

  #fresh(): FloatArray {
    return new this.#arrayType(this.#outputLength);
  }

  #setStates(states: readonly FloatArray[]): void {
    this.#layers.forEach((layer, i) => {
      layer.setStates([states[i]!]);
    });
  }

  #checkAlive(method: string): void {
    if (this.#disposed) throw disposedError(`GRUStream.${method}`);
  }

  #check(x: unknown): void {
    this.#checkAlive('step');
    const { batchSize, inputSize, states } = this.#parts;
    if (!ArrayBuffer.isView(x)) {
      throw new CongruentError(
        'CONGRUENT_SHAPE',
        `GRUStream.step: x must be a Float32Array or Float64Array of batchSize · inputSize = ${this.#inputLength} ` +
          `elements, got ${describe(x)}. Give a tensor's data, not the tensor.`,
      );
    }
    const { length } = x as unknown as FloatArray;
    checkTensor('GRUStream.step: x', { data: x, shape: [length] }, states.dtype);
    if (length === this.#inputLength) return;
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `GRUStream.step: x must have batchSize · inputSize = ${batchSize} · ${inputSize} = ${this.#inputLength} ` +
        `elements, row-major [B, I], got ${length}.`,
    );
  }
}
