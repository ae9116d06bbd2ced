import type { Call, Layer, Mode } from './backend.ts';
import { type Steps, waitAll } from './drive.ts';
import type { FloatArray } from './tensor.ts';

/** A stack of layers: by layer from the bottom, then by direction, forward first. */
export type Stack<M extends Mode, B> = readonly (readonly Layer<M, B>[])[];

/**
 * Runs a stack over a sequence. Each layer sees the one below, both directions side by side, masked where it has a mask.
 *
 * @param input   [Σ batchSizes, I]
 * @param states  one [batchSizes[0], H] for each layer and direction, at layer · directions + direction
 * @param masks   by layer; the last layer has none
 * @returns the last layer's output [Σ batchSizes, directions · H], and the final states like `states`
 */
export function* runStack<M extends Mode, B>(
  call: Call<M, B>,
  stack: Stack<M, B>,
  input: B,
  batchSizes: readonly number[],
  states: readonly B[],
  masks: readonly FloatArray[],
): Steps<{ output: B; states: B[] }> {
  const rows = batchSizes.reduce((sum, size) => sum + size, 0);
  const finals: B[] = [];
  let below = input;
  for (const [index, directions] of stack.entries()) {
    const runs = directions.map((layer, direction) =>
      layer.run(call, {
        input: below,
        state: states[index * directions.length + direction]!,
        batchSizes,
        reverse: direction === 1,
      }),
    );
    const results = yield* waitAll<M, { readonly output: B; readonly state: B }>(runs);
    finals.push(...results.map(({ state }) => state));
    const mask = masks[index];
    const [first, ...others] = results.map(({ output }) => output) as [B, ...B[]];
    below = others.length === 0 && mask === undefined ? first : call.join([first, ...others], rows, mask);
  }
  return { output: below, states: finals };
}
