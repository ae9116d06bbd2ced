import type { FloatArray, Tensor } from '@congruent/runtime';
import type { Batch, BatchResult } from './peer-adapter.ts';
import type { States } from './peer-object.ts';

export interface StreamOptions {
  readonly batchSize?: number;
  /** `h0`, `c0`. */
  readonly [state: string]: Tensor | number | undefined;
}

/** What a stream steps through. */
export interface Streamed {
  readonly batchSize: number;
  /** Of the states, in the cell's order. */
  readonly shapes: readonly (readonly number[])[];
  readonly initial: States | undefined;
  run(batch: Batch): Promise<BatchResult>;
}

/** One step at a time: what the last step gave as states is given to the next one as its initial ones. */
export class PeerStream {
  readonly #of: Streamed;
  /** Undefined: not given, so that the peer begins as it does. */
  #states: Promise<readonly FloatArray[] | undefined>;

  constructor(of: Streamed) {
    this.#of = of;
    this.#states = Promise.resolve(copied(of.initial));
  }

  async step(x: FloatArray): Promise<FloatArray> {
    const { batchSize, run } = this.#of;
    const input = x.slice();
    const result = this.#states.then((initial) => run({ steps: 1, batch: batchSize, input, initial }));
    this.#states = result.then(({ last }) => last);
    // Whoever awaits the step is told.
    this.#states.catch(() => {});
    return (await result).output;
  }

  get state(): Promise<States> {
    return this.#states.then((arrays) => {
      const states = this.#of.shapes.map((shape, index): Tensor => {
        const length = shape.reduce((product, size) => product * size, 1);
        return { data: arrays?.[index]?.slice() ?? new Float32Array(length), shape };
      });
      return states.length === 1 ? states[0]! : states;
    });
  }

  reset(initial?: States): void {
    this.#states = Promise.resolve(copied(initial));
  }

  dispose(): void {}

  [Symbol.dispose](): void {}
}

const copied = (states: States | undefined): readonly FloatArray[] | undefined =>
  states && [states].flat().map(({ data }) => data.slice());
