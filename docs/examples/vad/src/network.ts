import type { StateDict, Tensor } from '@congruent/runtime';
import { CHUNK } from './speech.ts';

/** Gives the probability of speech in one chunk after the other; [512] each. */
export type Detector = (chunk: Float32Array) => number;

/** The network under way. */
export interface Network {
  readonly detect: Detector;
  /** After the last chunk: h and c of the LSTM, [1, 1, 128] each, last. */
  states(): readonly Tensor[];
}

/** A class that was generated of a cell, as far as it is used here. */
interface NetworkClass {
  create(options: { readonly sizes: object }): Promise<{
    loadStateDict(dict: StateDict): unknown;
    stream(): {
      step(x: Readonly<Record<string, Float32Array>>): { readonly [0]: number };
      readonly state: readonly Tensor[];
    };
  }>;
}

/** What the cells call their inputs, in order. */
const INPUTS = Array.from({ length: 8 }, (_, at) => `x${at}`);

const WIDTH = CHUNK / INPUTS.length;

/**
 * The network on @congruent/wasm, in its initial state.
 *
 * @param cell  whose class was generated
 */
export async function openNetwork(cell: 'silero_vad' | 'silero_vad_plain', dict: StateDict): Promise<Network> {
  const classes = await import(new URL(`../dist/generated/${cell}.js`, import.meta.url).href);
  const Network: NetworkClass = cell === 'silero_vad' ? classes.SileroVad : classes.SileroVadPlain;
  const network = await Network.create({ sizes: {} });
  network.loadStateDict(dict);
  const stream = network.stream();
  const partsOf = (chunk: Float32Array) =>
    Object.fromEntries(INPUTS.map((name, at) => [name, chunk.subarray(at * WIDTH, (at + 1) * WIDTH)]));
  return { detect: (chunk) => stream.step(partsOf(chunk))[0], states: () => stream.state };
}
