import { shortened } from '../errors.ts';
import type { Copies } from '../layers/copies.ts';
import { isOfClass, type OwnEquations, ownCell } from '../layers/own-cell.ts';
import type { Layer } from '../model.ts';
import { numbersOf } from './arrays.ts';
import { equationsOf } from './equations.ts';
import type { Constant, Folder } from './fold.ts';
import type { NodeProto } from './proto.ts';
import { attributeOf, isONNX, nameOf, type Scope, type Steps, titleOf } from './scope.ts';
import { initialStates } from './states.ts';
import { parametersOf, type Sizes, sizesOf, type Weights } from './weights.ts';
import { damaged } from './wire.ts';

type Kind = OwnEquations['kind'];

/** The order of the inputs in ONNX's docs/Operators.md; X is the first. */
const INPUTS: Readonly<Record<Kind, readonly string[]>> = {
  GRU: ['W', 'R', 'B', 'sequence_lens', 'initial_h'],
  LSTM: ['W', 'R', 'B', 'sequence_lens', 'initial_h', 'initial_c', 'P'],
  RNN: ['W', 'R', 'B', 'sequence_lens', 'initial_h'],
};

/** The kind of a node, also of other domains' variants; `undefined` where it isn't recurrent. */
export function kindOf(node: NodeProto): Kind | undefined {
  const name = isONNX(node) ? /^(GRU|LSTM|RNN)$/ : /(GRU|LSTM|RNN)$/;
  return name.exec(node.opType)?.[1] as Kind | undefined;
}

/** A node in a graph, on its way to a layer. */
interface Placed {
  readonly node: NodeProto;
  readonly scope: Scope;
  readonly kind: Kind;
  readonly fold: Folder;
  readonly copies: Copies;
  readonly steps: Steps;
}

/** What the attributes say of how a node runs. */
interface Direction {
  readonly directions: 1 | 2;
  readonly reverse: boolean;
  readonly batchFirst: boolean;
}

/**
 * A recurrent node as a layer. Where its weights are not known before the model runs it has none, and says why.
 *
 * @throws MODEL_FORMAT where the node contradicts itself
 */
export function layerOf(placed: Placed, name: string): Layer {
  const { node, scope, kind, copies } = placed;
  const notes: string[] = scope.within === undefined ? [] : [`it is in ${scope.within}`];
  if (!isONNX(node)) {
    notes.push(`it is ${titleOf(node)} of ${shortened(node.domain)}, which is not read`);
    return { kind, name, options: { dtype: 'float32' }, parameters: {}, notes };
  }
  const direction = directionOf(node);
  const weights = weightsOf(placed, notes);
  if (!weights) return { kind, name, options: unknownOptions(node, direction), parameters: {}, notes };
  copies(Object.values(weights));
  const sizes = sizesOf(nameOf(node), kind, direction.directions, integerOf(node, 'hidden_size'), weights);
  const [equations, other] = equationsOf(node, kind, direction.directions, weights.P !== undefined);
  const differs = other !== undefined && JSON.stringify(other) !== JSON.stringify(equations);
  if (differs) notes.push('its two directions have different activations, and a layer has one cell for both');
  const own = isOfClass(equations!) ? undefined : ownCell(equations!);
  if (own && 'problem' in own) notes.push(own.problem);
  const lengths = lengthsOf(placed);
  if (lengths?.includes(0)) notes.push('a sequence of its batch has no steps, which no layer takes');
  const states = initialStates(
    kind === 'LSTM' ? [inputOf(placed, 'initial_h'), inputOf(placed, 'initial_c')] : [inputOf(placed, 'initial_h')],
    placed,
    { node: nameOf(node), ...direction, ...sizes, batch: lengths?.length },
    notes,
  );
  return {
    kind,
    name,
    options: own ? ownOptions(direction, sizes) : classOptions(equations!, direction, sizes, weights.B !== undefined),
    parameters: parametersOf(weights, sizes, direction.directions, equations!, own !== undefined),
    ...(own && 'text' in own && !differs ? { cell: own.text } : {}),
    ...(states ? { initialStates: states } : {}),
    ...(direction.reverse ? { reverse: true } : {}),
    ...(lengths ? { lengths } : {}),
    notes,
  };
}

const inputOf = ({ node, kind }: Placed, name: string): string => node.input[1 + INPUTS[kind].indexOf(name)] ?? '';

/** The constant weights, or none and why. */
function weightsOf(placed: Placed, notes: string[]): Weights | undefined {
  const known: Record<string, Constant | undefined> = {};
  for (const name of ['W', 'R', 'B', 'P']) {
    const value = name === 'P' && placed.kind !== 'LSTM' ? '' : inputOf(placed, name);
    if (value === '') continue;
    const constant = placed.fold(placed.scope, value);
    known[name] = constant;
    if ('why' in constant) notes.push(`its input ${name} ${constant.why}`);
  }
  const tensor = (name: string) => {
    const constant = known[name];
    return constant && 'tensor' in constant ? constant.tensor : undefined;
  };
  if (Object.values(known).some((constant) => constant && 'why' in constant)) return undefined;
  const [W, R] = [tensor('W'), tensor('R')];
  if (!W || !R) throw damaged(`node ${shortened(nameOf(placed.node))}`, 'its input W or R is missing');
  return { W, R, B: tensor('B'), P: tensor('P') };
}

/** How long each sequence of the batch is, where the file says it. */
function lengthsOf(placed: Placed): readonly number[] | undefined {
  const name = inputOf(placed, 'sequence_lens');
  const constant = name === '' ? undefined : placed.fold(placed.scope, name);
  if (!constant || 'why' in constant) return undefined;
  placed.copies([constant.tensor, constant.tensor]);
  const lengths = numbersOf(constant.tensor);
  if (constant.tensor.shape.length !== 1 || !lengths.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw damaged(`node ${shortened(nameOf(placed.node))}`, 'its sequence_lens are no lengths of sequences');
  }
  return lengths;
}

function integerOf(node: NodeProto, name: string): number | undefined {
  const value = attributeOf(node, name)?.i;
  return value === undefined ? undefined : Number(value);
}

function directionOf(node: NodeProto): Direction {
  const bytes = attributeOf(node, 'direction')?.s;
  const text = bytes ? String.fromCharCode(...bytes.subarray(0, 20)) : 'forward';
  if (text !== 'forward' && text !== 'reverse' && text !== 'bidirectional') {
    throw damaged(`node ${shortened(nameOf(node))}`, `its direction is ${shortened(text)}`);
  }
  const layout = integerOf(node, 'layout') ?? 0;
  if (layout !== 0 && layout !== 1)
    throw damaged(`node ${shortened(nameOf(node))}`, `its layout is ${layout}, not 0 or 1`);
  return {
    directions: text === 'bidirectional' ? 2 : 1,
    reverse: text === 'reverse',
    batchFirst: layout === 1,
  };
}

const stack = ({ directions, batchFirst }: Direction) => ({
  numLayers: 1,
  bidirectional: directions === 2,
  batchFirst,
});

function unknownOptions(node: NodeProto, direction: Direction): Layer['options'] {
  const hiddenSize = integerOf(node, 'hidden_size');
  return { ...(hiddenSize === undefined ? {} : { hiddenSize }), ...stack(direction), dtype: 'float32' };
}

const ownOptions = (direction: Direction, { inputSize, hiddenSize, dtype }: Sizes): Layer['options'] => ({
  sizes: { I: inputSize, H: hiddenSize },
  ...stack(direction),
  dtype,
});

function classOptions(
  { kind, resetAfter, candidate }: OwnEquations,
  direction: Direction,
  { inputSize, hiddenSize, dtype }: Sizes,
  bias: boolean,
): Layer['options'] {
  return {
    inputSize,
    hiddenSize,
    ...stack(direction),
    bias,
    ...(kind === 'GRU' ? { resetAfter } : {}),
    ...(kind === 'RNN' ? { nonlinearity: candidate.name } : {}),
    dtype,
  };
}
