import { CongruentError, describe, type FloatArray, type Tensor } from '@congruent/runtime';
import type { Layer } from '../model.ts';

/**
 * The steps of a sequence in the other order, for a layer that runs from the last to the first: of its input before, of its
 * output afterwards. Where the layer has lengths, those of each sequence up to its own.
 *
 * @param sequence  [T, B, features], [B, T, features] where the layer's batch comes first, or [T, features]; not modified
 * @throws CONGRUENT_SHAPE where it is none of these
 */
export function reverseSteps(sequence: Tensor, { options, lengths }: Pick<Layer, 'options' | 'lengths'>): Tensor {
  const { data, shape } = checked('reverseSteps', 'a sequence', sequence, [2, 3]);
  const [features, second, first] = shape.toReversed() as [number, number, number?];
  // Without a batch the steps are its second last axis, and they are its first.
  const isBatchFirst = first === undefined || options['batchFirst'] === true;
  const [steps, batch] = isBatchFirst ? [second, first ?? 1] : [first, second];
  const at = (t: number, b: number): number => (isBatchFirst ? b * steps + t : t * batch + b) * features;
  const reversed = data.slice();
  for (let b = 0; b < batch; b++) {
    const length = Math.min(lengths?.[b] ?? steps, steps);
    for (let t = 0; t < length; t++) {
      reversed.set(data.subarray(at(t, b), at(t, b) + features), at(length - 1 - t, b));
    }
  }
  return { data: reversed, shape };
}

/**
 * The two directions of an output, which lie side by side, each for itself.
 *
 * @param output  [..., 2·H]; not modified
 * @returns two tensors [..., H]
 * @throws CONGRUENT_SHAPE where its last dimension is not two of one size
 */
export function splitDirections(output: Tensor): [forwards: Tensor, backwards: Tensor] {
  const { data, shape } = checked('splitDirections', 'an output', output, [1, 2, 3]);
  const width = shape.at(-1)! / 2;
  if (!Number.isInteger(width)) {
    const problem = `splitDirections: the last dimension of [${shape.join(', ')}] is not two directions of one size`;
    throw new CongruentError('CONGRUENT_SHAPE', `${problem}. Give the output of a bidirectional layer.`);
  }
  const halfOf = (from: number): Tensor => {
    const half = data.slice(0, data.length / 2);
    for (let at = 0; at < half.length; at += width) half.set(data.subarray(2 * at + from, 2 * at + from + width), at);
    return { data: half, shape: [...shape.slice(0, -1), width] };
  };
  return [halfOf(0), halfOf(width)];
}

/**
 * The two directions of an output in one, element by element, as Keras's `merge_mode` has it.
 *
 * @param output  [..., 2·H]; not modified
 * @param merge   of the layer
 * @returns a tensor [..., H]; of a layer that puts its directions side by side, the output itself
 * @throws CONGRUENT_SHAPE where the last dimension is not two of one size
 */
export function mergeDirections(output: Tensor, merge: Layer['merge']): Tensor {
  if (!merge) return output;
  const [{ data: there, shape }, { data: back }] = splitDirections(output);
  const both = MERGERS[merge];
  return { data: there.map((value, at) => both(value, back[at]!)) as FloatArray, shape };
}

const MERGERS: Readonly<Record<NonNullable<NonNullable<Layer['merge']>>, (there: number, back: number) => number>> = {
  sum: (there, back) => there + back,
  mul: (there, back) => there * back,
  ave: (there, back) => (there + back) / 2,
};

/** A tensor of one of these ranks. */
function checked(where: string, what: string, value: unknown, ranks: readonly number[]): Tensor {
  const { data, shape } = (value ?? {}) as Partial<Tensor>;
  const isTensor = ArrayBuffer.isView(data) && Array.isArray(shape) && ranks.includes(shape.length);
  if (isTensor && data.length === shape.reduce((size, length) => size * length, 1)) return { data, shape };
  const got = shape === undefined ? describe(value) : `[${shape}]`;
  throw new CongruentError(
    'CONGRUENT_SHAPE',
    `${where}: ${what} must be a tensor of rank ${ranks.join(' or ')}, got ${got}. Make one with tensor(data, shape).`,
  );
}
