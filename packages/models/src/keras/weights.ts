import type { StoredTensor, Tensor } from '@congruent/runtime';
import { formatError, shortened } from '../errors.ts';
import { isFloating } from '../layers/parameter.ts';

/** A tensor with the name that its file has for it. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: StoredTensor;
}

/** The weights of one direction, as Keras lays them out: gates are blocks of columns. */
export interface DirectionWeights {
  /** [I, G·H] */
  readonly kernel: Tensor;
  /** [H, G·H] */
  readonly recurrent: Tensor;
  /** [G·H], or [2, G·H] of a GRU with `reset_after`. */
  readonly bias: Tensor | undefined;
}

/** Where a message is about. */
export interface Where {
  readonly file: string;
  readonly layer: string;
}

const ROLES = ['kernel', 'recurrent_kernel', 'bias'] as const;
type Role = (typeof ROLES)[number];

/**
 * Tells the weights of a layer apart by the last part of their names (`gru/gru_cell/kernel:0`), and its directions by what
 * Keras puts before the names of the two layers (`bidirectional/backward_lstm/…`); files of Keras 1 and the first of 2 have
 * no such names, and there the second half is the backward direction.
 *
 * @throws MODEL_FORMAT
 */
export function directionsOf(
  weights: readonly NamedTensor[],
  bidirectional: boolean,
  where: Where,
): readonly DirectionWeights[] {
  if (!bidirectional) return [directionOf(weights, where)];
  const isBackward = ({ name }: NamedTensor): boolean => /(^|\/)backward_/.test(name);
  const named = [weights.filter((each) => !isBackward(each)), weights.filter(isBackward)];
  const half = weights.length / 2;
  const halves = named.every((each) => each.length > 0) ? named : [weights.slice(0, half), weights.slice(half)];
  return halves.map((each) => directionOf(each, where));
}

/** What a weight is by the last part of its name, without the numbers that TensorFlow puts behind it. */
export function roleOf(name: string): Role | undefined {
  const role = /([^/]*?)(_\d+)?(:\d+)?$/.exec(name)?.[1];
  return ROLES.find((each) => each === role);
}

function directionOf(weights: readonly NamedTensor[], where: Where): DirectionWeights {
  const found: Partial<Record<Role, Tensor>> = {};
  for (const { name, tensor } of weights) {
    const role = roleOf(name);
    // The state of a generator of random numbers, for dropout.
    if (!role && !isFloating(tensor)) continue;
    if (!role || found[role]) {
      const names = weights.map((each) => shortened(each.name)).join(', ');
      throw wrong(where, `its weights are ${names}, not one each of kernel, recurrent_kernel and bias`);
    }
    found[role] = numbersOf(name, tensor, where);
  }
  const { kernel, recurrent_kernel: recurrent, bias } = found;
  if (!kernel || !recurrent) throw wrong(where, `it has no ${kernel ? 'recurrent_kernel' : 'kernel'}`);
  return { kernel, recurrent, bias };
}

function numbersOf(name: string, tensor: StoredTensor, where: Where): Tensor {
  if (isFloating(tensor)) return { data: tensor.data, shape: tensor.shape };
  throw wrong(where, `${shortened(name)} is ${tensor.dtype}, not a floating-point type`);
}

/** What the weights of a layer contradict. */
export const wrong = (
  { file, layer }: Where,
  problem: string,
  remedy = 'Save the model again with model.save()',
): Error => formatError(file, `layer ${shortened(layer)}`, problem, remedy);
