import type { FloatArray } from '@congruent/runtime';
import type { PeerAdapter, Weights } from '../src/conformance/peer-adapter.ts';

/** A peer that is given the first two gates of its weights in each other's place. */
export const swappedGates = (peer: PeerAdapter): PeerAdapter => ({
  ...peer,
  open: (wanted) => peer.open({ ...wanted, weights: wanted.weights.map((sides) => sides.map(swapped)) }),
});

const swapped = (weights: Weights): Weights =>
  Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [name, { ...tensor, data: firstTwoSwapped(tensor.data) }]),
  );

/** Of the three blocks of a GRU's tensor. */
function firstTwoSwapped(data: FloatArray): FloatArray {
  const block = data.length / 3;
  const result = data.slice();
  result.set(data.subarray(block, 2 * block), 0);
  result.set(data.subarray(0, block), block);
  return result;
}
