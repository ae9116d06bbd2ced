import { decodeUTF8 } from '@congruent/runtime';
import { shortened } from '../errors.ts';
import type { Activation, OwnEquations } from '../layers/own-cell.ts';
import { listed } from './numbers.ts';
import type { NodeProto } from './proto.ts';
import { attributeOf, nameOf } from './scope.ts';
import { damaged } from './wire.ts';

/** What the operators are without the attribute `activations`: f of the gates, g of the candidate, h of the LSTM's cell state. */
const DEFAULTS: Readonly<Record<OwnEquations['kind'], readonly string[]>> = {
  GRU: ['Sigmoid', 'Tanh'],
  LSTM: ['Sigmoid', 'Tanh', 'Tanh'],
  RNN: ['Tanh'],
};

/** What an activation takes of `activation_alpha` and `activation_beta`, with the defaults of the operator of its name. */
interface Takes {
  readonly name: string;
  readonly alpha?: number | 'given';
  readonly beta?: number | 'given';
}

/** By their names in lower case, as runtimes compare them. */
const ACTIVATIONS: ReadonlyMap<string, Takes> = new Map([
  ['sigmoid', { name: 'sigmoid' }],
  ['tanh', { name: 'tanh' }],
  ['relu', { name: 'relu' }],
  ['softsign', { name: 'softsign' }],
  ['softplus', { name: 'softplus' }],
  ['affine', { name: 'affine', alpha: 'given', beta: 'given' }],
  ['scaledtanh', { name: 'scaled_tanh', alpha: 'given', beta: 'given' }],
  ['hardsigmoid', { name: 'hard_sigmoid', alpha: 0.2, beta: 0.5 }],
  ['leakyrelu', { name: 'leaky_relu', alpha: 0.01 }],
  ['thresholdedrelu', { name: 'thresholded_relu', alpha: 1 }],
  ['elu', { name: 'elu', alpha: 1 }],
]);

/**
 * The equations of a recurrent node, for each of its directions.
 *
 * @throws MODEL_FORMAT where it has not as many activations as its directions take
 */
export function equationsOf(
  node: NodeProto,
  kind: OwnEquations['kind'],
  directions: number,
  peepholes: boolean,
): readonly OwnEquations[] {
  const count = DEFAULTS[kind].length;
  const activations = activationsOf(node, kind, directions);
  const clip = attributeOf(node, 'clip')?.f;
  const common: OwnEquations = {
    kind,
    candidate: { name: 'tanh' },
    ...(kind === 'GRU' ? { resetAfter: (attributeOf(node, 'linear_before_reset')?.i ?? 0n) !== 0n } : {}),
    ...(clip === undefined ? {} : { clip: shortest(clip) }),
    ...(peepholes ? { peepholes } : {}),
    ...(kind === 'LSTM' && (attributeOf(node, 'input_forget')?.i ?? 0n) !== 0n ? { inputForget: true } : {}),
  };
  return Array.from({ length: directions }, (_, direction) => {
    const [f, g, h] = activations.slice(direction * count, (direction + 1) * count);
    if (kind === 'RNN') return { ...common, candidate: f! };
    return { ...common, gate: f!, candidate: g!, ...(h ? { output: h } : {}) };
  });
}

/** Those of all directions in a row, with their numbers, which are listed for those alone that take any. */
function activationsOf(node: NodeProto, kind: OwnEquations['kind'], directions: number): readonly Activation[] {
  const given = attributeOf(node, 'activations')?.strings?.map((name) => decoded(node, name));
  const names = given?.length ? given : new Array<readonly string[]>(directions).fill(DEFAULTS[kind]).flat();
  if (names.length !== directions * DEFAULTS[kind].length) {
    const expected = directions * DEFAULTS[kind].length;
    throw damaged(
      `node ${shortened(nameOf(node))}`,
      `it has ${names.length} activations, and ${kind} takes ${expected}`,
    );
  }
  const alphas = listed(attributeOf(node, 'activation_alpha')?.floats).values();
  const betas = listed(attributeOf(node, 'activation_beta')?.floats).values();
  const taken = (numbers: Iterator<number>, fallback: number | 'given'): number | undefined => {
    const next = numbers.next();
    if (!next.done) return shortest(next.value);
    return fallback === 'given' ? undefined : fallback;
  };
  return names.map((name) => {
    const takes = ACTIVATIONS.get(name.toLowerCase());
    if (!takes) return { name: shortened(name) };
    const alpha = takes.alpha === undefined ? undefined : taken(alphas, takes.alpha);
    const beta = takes.beta === undefined ? undefined : taken(betas, takes.beta);
    return {
      name: takes.name,
      ...(alpha === undefined ? {} : { alpha }),
      ...(beta === undefined ? {} : { beta }),
    };
  });
}

function decoded(node: NodeProto, bytes: Uint8Array): string {
  try {
    return decodeUTF8(bytes);
  } catch (cause) {
    throw damaged(`node ${shortened(nameOf(node))}`, 'an activation has a name that is not UTF-8', { cause });
  }
}

/** A float32 as people write it, 0.2 and not 0.20000000298023224: the shortest number that rounds to it. */
function shortest(value: number): number {
  if (!Number.isFinite(value)) return value;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
