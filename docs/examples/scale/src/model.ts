import { GRU, packSequence, type StateDict, tensor } from '@congruent/wasm';
import { type Batch, FEATURES } from './series.ts';

/** Values of a state. */
export const STATE = 64;

/** Weights that stand for trained ones. */
export const parametersOf = (seed: number): StateDict =>
  GRU.createSync({ inputSize: FEATURES, hiddenSize: STATE, seed }).stateDict();

/** What each series of a batch leaves as the state: one after the other, in the order of the series. */
export type LastStates = (batch: Batch) => Float32Array;

/** A GRU with these weights. */
export function openModel(parameters: StateDict): LastStates {
  const gru = GRU.fromStateDictSync(parameters);
  return ({ values, lengths }) => {
    let at = 0;
    const sequences = lengths.map((steps) => {
      const start = at;
      at += steps * FEATURES;
      return tensor(values.subarray(start, at), [steps, FEATURES]);
    });
    const { hn } = gru.forward(packSequence(sequences, { enforceSorted: false }));
    return hn.data as Float32Array;
  };
}
