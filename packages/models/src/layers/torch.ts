import { type StoredTensor, shapeText, sizeOf } from '@congruent/runtime';
import type { Layer, LayerKind } from '../model.ts';
import { GATES } from './gates.ts';
import { layerParameters } from './parameter.ts';

/**
 * The recurrent layers among tensors that are named as torch.nn names them: `weight_ih_l0`, `weight_hh_l0_reverse`,
 * `weight_hr_l0` … behind a prefix for the layers, the same without `_l0` for the cells. What kind of layer it is, the
 * number of rows tells: H, 3·H or 4·H. Neither names nor shapes tell whether the batch comes first, nor the function of an
 * RNN: `batchFirst` is false and `nonlinearity` `tanh`, torch's defaults. A layer that lacks a parameter, or has one that
 * does not fit, says so in its `notes`.
 *
 * @param tensors  by name, in the file's order
 */
export const layersFromNames = (tensors: Readonly<Record<string, StoredTensor>>): readonly Layer[] =>
  groups(tensors).map(layerOf);

/** Tensors that are one layer's. */
interface Group {
  /** Without the last dot. */
  readonly name: string;
  /** `_l0`, or for a cell nothing: what the names of its first layer end with. */
  readonly suffix: '_l0' | '';
  /** By their names without the prefix. */
  readonly tensors: Record<string, StoredTensor>;
  /** Parameters that are computed of others, by their names, with the shape of the largest of those: it has their own. */
  readonly computed: Map<string, readonly number[]>;
  /** Of a cell that is not torch's, the tensors that normalise within its step. */
  readonly foreign: string[];
}

const NAME =
  /^(?<prefix>(?:.*\.)?)(?<short>(?:weight|bias)_(?:ih|hh)(?:_l\d+(?:_reverse)?)?|weight_hr_l\d+(?:_reverse)?)$/s;

/**
 * torch.nn.utils.weight_norm has `weight_hh_l0_g` and `_v` in place of a parameter, spectral_norm `_orig`, `_u` and `_v`,
 * pruning `_orig` and `_mask`, and torch.nn.utils.parametrizations these.
 */
const COMPUTED =
  /^(?:(?<whole>.*)_(?:[guv]|orig|mask)|(?<before>.*\.|)parametrizations\.(?<short>[^.]*)\.original\d?)$/s;

/** The layer normalisation in a cell, as those are called that have one: `layernorm_i.weight`, `ln_hh.weight`. */
const NORM = /^(?<prefix>(?:.*\.)?)(?:layer_?norm|ln)(?:_?[a-z]{1,6})?\.(?:weight|bias)$/is;

function groups(tensors: Readonly<Record<string, StoredTensor>>): readonly Group[] {
  const found = new Map<string, Group>();
  const groupOf = (match: RegExpExecArray): Group => {
    const { prefix = '', short = '' } = match.groups!;
    const suffix = /_l\d/.test(short) ? '_l0' : '';
    const key = `${prefix} ${suffix}`;
    const group: Group = found.get(key) ?? {
      name: prefix.slice(0, -1),
      suffix,
      tensors: {},
      computed: new Map(),
      foreign: [],
    };
    found.set(key, group);
    return group;
  };
  for (const [name, tensor] of Object.entries(tensors)) {
    const own = NAME.exec(name);
    if (own) groupOf(own).tensors[own.groups!['short']!] = tensor;
    const { whole, before = '', short } = COMPUTED.exec(name)?.groups ?? {};
    const parameter = NAME.exec(whole ?? `${before}${short}`);
    if (own || !parameter) continue;
    const { computed } = groupOf(parameter);
    const key = parameter.groups!['short']!;
    computed.set(key, larger(tensor.shape, computed.get(key) ?? []));
  }
  for (const name of Object.keys(tensors)) {
    const { prefix } = NORM.exec(name)?.groups ?? {};
    const cell = found.get(`${prefix} `);
    cell?.foreign.push(name.slice(prefix!.length));
  }
  return [...found.values()].filter(
    ({ tensors: own, computed }) => Object.keys(own).some((name) => /^weight_(ih|hh)/.test(name)) || computed.size > 0,
  );
}

/** What the shapes say. */
interface Sizes {
  readonly kind: keyof typeof GATES;
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** Features of the output in one direction. */
  readonly outputSize: number;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly bias: boolean;
}

function layerOf(group: Group): Layer {
  const { name, suffix, tensors, computed } = group;
  const sizes = sizesOf(group);
  const { kind, inputSize, hiddenSize, outputSize, numLayers, bidirectional, bias } = sizes;
  const { parameters, dtype, notes } = layerParameters(tensors);
  const unstored = [...computed.keys()].filter((each) => !Object.hasOwn(tensors, each));
  const stack = suffix === '' ? {} : { numLayers, batchFirst: false, bidirectional };
  return {
    kind: suffix === '' ? (`${kind}Cell` satisfies LayerKind) : kind,
    name,
    options: {
      inputSize,
      hiddenSize,
      ...(outputSize === hiddenSize ? {} : { projSize: outputSize }),
      ...stack,
      bias,
      ...(kind === 'RNN' ? { nonlinearity: 'tanh' } : {}),
      dtype,
    },
    parameters,
    notes: [...unstored.map(computedNote), ...misfits(group, sizes), ...notes],
  };
}

const computedNote = (name: string): string =>
  `${name} is stored as what it is computed of, by weight_norm, spectral_norm or pruning: remove that before you save ` +
  `(torch.nn.utils.remove_weight_norm, prune.remove, parametrize.remove_parametrizations)`;

const larger = (a: readonly number[], b: readonly number[]): readonly number[] =>
  b.length === 0 || sizeOf(a) > sizeOf(b) ? a : b;

function sizesOf({ suffix, tensors, computed }: Group): Sizes {
  const names = [...Object.keys(tensors), ...computed.keys()];
  const shapeOf = (of: string): readonly number[] => tensors[of + suffix]?.shape ?? computed.get(of + suffix) ?? [];
  const [rows = 0, inputSize = 0] = shapeOf('weight_ih');
  const recurrent = shapeOf('weight_hh');
  const projection = shapeOf('weight_hr');
  const gates = (recurrent[0] ?? rows) / (projection[1] ?? recurrent[1]!);
  const kinds = Object.keys(GATES) as (keyof typeof GATES)[];
  const kind = projection.length > 0 ? 'LSTM' : (kinds.find((each) => gatesOf(each) === gates) ?? nearest(rows));
  let numLayers = 1;
  const indices = new Set(names.map((each) => /_l(\d+)/.exec(each)?.[1]));
  while (indices.has(`${numLayers}`)) numLayers++;
  const hiddenSize = projection[1] ?? recurrent[1] ?? Math.floor(rows / gatesOf(kind));
  return {
    kind,
    inputSize,
    hiddenSize,
    outputSize: projection[0] ?? hiddenSize,
    numLayers,
    bidirectional: names.some((each) => each.endsWith('_reverse')),
    bias: names.some((each) => each.startsWith('bias')),
  };
}

const gatesOf = (kind: keyof typeof GATES): number => GATES[kind].torch.length;

/** A kind for a layer that may not be run because its recurrent weights are missing or have a shape of no kind. */
const nearest = (rows: number): keyof typeof GATES =>
  rows % gatesOf('LSTM') === 0 ? 'LSTM' : rows % gatesOf('GRU') === 0 ? 'GRU' : 'RNN';

/** What is missing, does not fit, or is too much, by the names. */
function misfits({ suffix, tensors, computed, foreign }: Group, sizes: Sizes): readonly string[] {
  const expected = new Map(shapesOf(sizes, suffix));
  const notes: string[] = [];
  for (const [name, shape] of expected) {
    const got = tensors[name]?.shape;
    if (!got && !computed.has(name)) notes.push(`${name} is missing`);
    if (got && shapeText(got) !== shapeText(shape)) {
      notes.push(`${name} has the shape ${shapeText(got)}, where ${kindOf(sizes)} has ${shapeText(shape)}`);
    }
  }
  for (const name of [...Object.keys(tensors), ...foreign]) {
    if (!expected.has(name)) notes.push(`${name} is no parameter of ${kindOf(sizes)}`);
  }
  if (sizes.inputSize < 1 || sizes.hiddenSize < 1) notes.push('its weights have no elements');
  if (sizes.outputSize > sizes.hiddenSize) notes.push('its projection is wider than its state');
  return notes;
}

const kindOf = ({ kind, hiddenSize, numLayers }: Sizes): string =>
  `${kind === 'GRU' ? 'a' : 'an'} ${kind} of ${hiddenSize}${numLayers > 1 ? ` with ${numLayers} layers` : ''}`;

/** The shapes of all parameters, in torch's order. */
function shapesOf(sizes: Sizes, suffix: Group['suffix']): readonly (readonly [string, readonly number[]])[] {
  const { kind, inputSize, hiddenSize, outputSize, numLayers, bias } = sizes;
  const rows = gatesOf(kind) * hiddenSize;
  const directions = sizes.bidirectional ? ['', '_reverse'] : [''];
  const shapes: (readonly [string, readonly number[]])[] = [];
  for (let layer = 0; layer < numLayers; layer++) {
    for (const direction of directions) {
      const end = suffix === '' ? '' : `_l${layer}${direction}`;
      shapes.push([`weight_ih${end}`, [rows, layer === 0 ? inputSize : outputSize * directions.length]]);
      shapes.push([`weight_hh${end}`, [rows, outputSize]]);
      if (bias) shapes.push([`bias_ih${end}`, [rows]], [`bias_hh${end}`, [rows]]);
      if (outputSize !== hiddenSize) shapes.push([`weight_hr${end}`, [outputSize, hiddenSize]]);
    }
  }
  return shapes;
}
