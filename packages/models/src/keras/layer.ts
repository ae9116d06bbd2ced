import type { StateDict, StoredTensor, Tensor } from '@congruent/runtime';
import { copiesOf } from '../layers/copies.ts';
import { inTorchOrder, transposed } from '../layers/gates.ts';
import { isOfClass, type OwnEquations, ownCell } from '../layers/own-cell.ts';
import type { Layer } from '../model.ts';
import { activationOf, type Dialect } from './activations.ts';
import type { RecurrentConfig } from './config.ts';
import { setting } from './json.ts';
import { type DirectionWeights, directionsOf, type NamedTensor, type Where, wrong } from './weights.ts';

const GATES = { GRU: 3, LSTM: 4, RNN: 1 } as const;

/** What is known of a layer's sizes: of its weights, which the config must agree with. */
interface Sizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly bias: boolean;
  readonly resetAfter: boolean;
}

/**
 * A layer of its config and its weights, in torch's layout.
 *
 * @param weights  all of the layer, in the order of the file
 * @throws MODEL_FORMAT where they contradict each other
 */
export function layerOf(
  recurrent: RecurrentConfig,
  weights: readonly NamedTensor[],
  dialect: Dialect,
  file: string,
): Layer {
  const { name, kind, config, merge, notes } = recurrent;
  const where = { file, layer: name };
  const backwards = setting(config, 'go_backwards') === true && merge === undefined;
  const directions = directionsOf(weights, merge !== undefined, where);
  const sizes = sizesOf(kind, directions[0]!, where);
  for (const each of directions) checkSizes(recurrent, sizes, each, where);
  const equations = equationsOf(recurrent, sizes, dialect);
  const own = isOfClass(equations) ? undefined : ownCell(equations);
  return {
    kind,
    name,
    options: optionsOf(equations, sizes, directions, setting(config, 'time_major') !== true, own !== undefined),
    parameters: parametersOf(kind, directions, sizes, own !== undefined),
    ...(own && 'text' in own ? { cell: own.text } : {}),
    ...(backwards ? { reverse: true, reversedOutput: true } : {}),
    ...(merge === undefined || merge === 'concat' ? {} : { merge }),
    notes: own && 'problem' in own ? [...notes, own.problem] : notes,
  };
}

/** The layers of a config, each with its weights, of which several may have the same. */
export function layersOf(
  file: string,
  configs: readonly RecurrentConfig[],
  weightsOf: (config: RecurrentConfig) => readonly NamedTensor[],
  tensors: Iterable<StoredTensor>,
  dialect: Dialect,
): readonly Layer[] {
  const copies = copiesOf(
    file,
    [...tensors].reduce((bytes, { data }) => bytes + data.byteLength, 0),
  );
  return configs.map((config) => {
    if (config.notes.length > 0) return unreadLayer(config);
    const weights = weightsOf(config);
    copies(weights.map(({ tensor }) => tensor));
    return layerOf(config, weights, dialect, file);
  });
}

/** A layer that may not be run, for the reasons in its notes, and whose weights mean nothing to the class. */
const unreadLayer = ({ kind, name, notes }: RecurrentConfig): Layer => ({
  kind,
  name,
  options: { batchFirst: true, dtype: 'float32' },
  parameters: {},
  notes,
});

function sizesOf(kind: RecurrentConfig['kind'], { kernel, recurrent, bias }: DirectionWeights, where: Where): Sizes {
  const [inputSize, hiddenSize] = [kernel.shape[0]!, recurrent.shape[0]!];
  const columns = GATES[kind] * hiddenSize;
  refuseCuDNN(kind, hiddenSize, bias, where);
  if (kernel.shape.length !== 2 || recurrent.shape.length !== 2 || !(inputSize > 0 && hiddenSize > 0)) {
    throw wrong(
      where,
      `its kernels have the shapes [${kernel.shape}] and [${recurrent.shape}], not [I, G·H] and [H, G·H]`,
    );
  }
  if (kernel.shape[1] !== columns || recurrent.shape[1] !== columns) {
    const got = `[${kernel.shape}] and [${recurrent.shape}]`;
    throw wrong(where, `its kernels have the shapes ${got}: ${hiddenSize} units of ${kind} have ${columns} columns`);
  }
  return { inputSize, hiddenSize, bias: bias !== undefined, resetAfter: bias?.shape.length === 2 };
}

/** Weights that are laid out for cuDNN have all biases twice, one after the other, and their kernels transposed. */
function refuseCuDNN(kind: RecurrentConfig['kind'], units: number, bias: Tensor | undefined, where: Where): void {
  if (kind === 'RNN' || bias?.shape.length !== 1 || bias.shape[0] !== 2 * GATES[kind] * units) return;
  const problem = `bias of ${bias.shape[0]} for ${units} units: a CuDNN${kind} weight file, laid out otherwise than a ${kind}'s`;
  throw wrong(where, problem, `Load it into a ${kind} layer in Keras, which converts it, and save that`);
}

function checkSizes(
  { kind, config }: RecurrentConfig,
  { inputSize, hiddenSize, bias, resetAfter }: Sizes,
  { kernel, recurrent, bias: own }: DirectionWeights,
  where: Where,
): void {
  const columns = GATES[kind] * hiddenSize;
  const units = setting(config, 'units');
  if (units !== undefined && units !== hiddenSize) {
    throw wrong(where, `the config says ${String(units)} units, the weights are for ${hiddenSize}`);
  }
  const useBias = setting(config, 'use_bias');
  if (typeof useBias === 'boolean' && useBias !== bias) {
    throw wrong(where, `the config says use_bias: ${useBias}, and there is ${bias ? 'a' : 'no'} bias`);
  }
  const biasShape = resetAfter && kind === 'GRU' ? [2, columns] : [columns];
  const shapes = [kernel, recurrent, ...(own ? [own] : [])].map(({ shape }) => `[${shape}]`).join(', ');
  const wanted = [[inputSize, columns], [hiddenSize, columns], ...(bias ? [biasShape] : [])];
  const expected = wanted.map((shape) => `[${shape}]`).join(', ');
  if (shapes !== expected) throw wrong(where, `its weights have the shapes ${shapes}, expected ${expected}`);
  const said = setting(config, 'reset_after');
  if (kind === 'GRU' && bias && typeof said === 'boolean' && said !== resetAfter) {
    throw wrong(where, `the config says reset_after: ${said}, and the bias has the shape [${own!.shape}]`);
  }
}

function equationsOf({ kind, config }: RecurrentConfig, sizes: Sizes, dialect: Dialect): OwnEquations {
  const candidate = activationOf(config, 'activation', 'tanh', dialect);
  if (kind === 'RNN') return { kind, candidate };
  const gate = activationOf(
    config,
    'recurrent_activation',
    dialect === 'keras 3' ? 'sigmoid' : 'hard_sigmoid',
    dialect,
  );
  if (kind === 'LSTM') return { kind, gate, candidate };
  // Without a bias only the config tells; before Keras 2.2.3, and in TensorFlow.js, there is no such key and no such GRU.
  const resetAfter = sizes.bias ? sizes.resetAfter : setting(config, 'reset_after') === true;
  return { kind, gate, candidate, resetAfter };
}

function optionsOf(
  { kind, resetAfter, candidate }: OwnEquations,
  { inputSize, hiddenSize, bias }: Sizes,
  directions: readonly DirectionWeights[],
  batchFirst: boolean,
  own: boolean,
): Layer['options'] {
  const tensors = directions.flatMap(({ kernel, recurrent, bias: each }) => [kernel, recurrent, each]);
  const dtype = tensors.some((tensor) => tensor?.data instanceof Float64Array) ? 'float64' : 'float32';
  const common = { numLayers: 1, bidirectional: directions.length === 2, batchFirst, dtype } as const;
  if (own) return { sizes: { I: inputSize, H: hiddenSize }, ...common };
  const options = { inputSize, hiddenSize, bias, ...common };
  if (kind === 'GRU') return { ...options, resetAfter };
  return kind === 'RNN' ? { ...options, nonlinearity: candidate.name } : options;
}

function parametersOf(
  kind: RecurrentConfig['kind'],
  directions: readonly DirectionWeights[],
  { hiddenSize, bias }: Sizes,
  own: boolean,
): StateDict {
  const parameters: Record<string, Tensor> = {};
  directions.forEach((direction, k) => {
    const suffix = k === 0 ? '_l0' : '_l0_reverse';
    parameters[`weight_ih${suffix}`] = inTorchOrder(kind, 'keras', transposed(direction.kernel));
    parameters[`weight_hh${suffix}`] = inTorchOrder(kind, 'keras', transposed(direction.recurrent));
    // A cell of its own has biases in any case.
    if (!bias && !own) return;
    const [input, recurrent] = biasesOf(direction, GATES[kind] * hiddenSize);
    parameters[`bias_ih${suffix}`] = inTorchOrder(kind, 'keras', input);
    parameters[`bias_hh${suffix}`] = inTorchOrder(kind, 'keras', recurrent);
  });
  return parameters;
}

/** The bias of the input and that of the state; where Keras has one, it is the input's. */
function biasesOf({ kernel, bias }: DirectionWeights, size: number): readonly [Tensor, Tensor] {
  const part = (k: number): Tensor => {
    const data = bias?.data.slice(k * size, (k + 1) * size);
    return { data: data?.length === size ? data : kernel.data.slice(0, size).fill(0), shape: [size] };
  };
  return [part(0), part(1)];
}
