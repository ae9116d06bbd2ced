import type { StoredTensor, Tensor } from '@congruent/runtime';
import { formatError, shortened } from '../errors.ts';
import type { Layer, Reader } from '../model.ts';
import { isObject, tensorOfLists, typeName } from '../rtneural/lists.ts';
import { parsed } from '../rtneural/read.ts';

const KIND = 'NAM';

interface Sizes {
  readonly inputs: number;
  readonly hidden: number;
  readonly layers: number;
}

/**
 * Reads an LSTM of Neural Amp Modeler. The file has one list of numbers, in the order of NAM/lstm.cpp of
 * sdatkinson/NeuralAmpModelerCore: for each layer W [4H, I + H], the columns of the input first, one bias [4H], the states h
 * and c [H] that it begins with; then the head's weight [H] and bias. Its gates are torch's.
 *
 * Tensors are `lstm.weight_ih_l0` and so on, `lstm.h0` and `lstm.c0` [layers, 1, H], `head.weight` [1, H] and `head.bias`.
 *
 * @throws MODEL_FORMAT where it is another network, or has more or fewer numbers than its sizes say
 */
export const read: Reader = async (file) => {
  const json = parsed(KIND, file);
  const { architecture, weights } = json;
  if (architecture !== 'LSTM') {
    const got = typeof architecture === 'string' ? shortened(architecture) : typeName(architecture);
    const problem = `it is ${got}, and LSTM is the only one with recurrent layers that are read`;
    throw formatError(KIND, 'architecture', problem, 'Train a model of the architecture LSTM');
  }
  const sizes = sizesOf(json['config']);
  const { data, shape } = tensorOfLists(KIND, 'weights', weights);
  checkCount(sizes, shape);
  const { parameters, h0, c0, head } = split(sizes, data);
  const tensors: Record<string, StoredTensor> = Object.create(null);
  for (const [name, tensor] of Object.entries({ ...parameters, h0, c0 })) {
    tensors[`lstm.${name}`] = { ...tensor, dtype: 'float32' };
  }
  for (const [name, tensor] of Object.entries(head)) tensors[`head.${name}`] = { ...tensor, dtype: 'float32' };
  const options = optionsOf(sizes);
  return {
    tensors,
    layers: [{ kind: 'LSTM', name: 'lstm', options, parameters, initialStates: [h0, c0], notes: [] }],
  };
};

function sizesOf(config: unknown): Sizes {
  const size = (name: string): number => {
    const value = isObject(config) ? config[name] : undefined;
    if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
    throw formatError(KIND, `config.${name}`, `${typeName(value)} where a size is expected`, 'Export the model again');
  };
  return { inputs: size('input_size'), hidden: size('hidden_size'), layers: size('num_layers') };
}

/** How many numbers a layer has. */
const countOf = (inputs: number, hidden: number): number => 4 * hidden * (inputs + hidden) + 6 * hidden;

function checkCount({ inputs, hidden, layers }: Sizes, shape: readonly number[]): void {
  const wanted = countOf(inputs, hidden) + (layers - 1) * countOf(hidden, hidden) + hidden + 1;
  if (shape.length === 1 && shape[0] === wanted) return;
  const sizes = `input_size ${inputs}, hidden_size ${hidden}, num_layers ${layers}`;
  const got = shape.length === 1 ? `it has ${shape[0]}` : `its lists have the shape [${shape.join(', ')}]`;
  throw formatError(KIND, 'weights', `${sizes} need one list of ${wanted} numbers; ${got}`, 'Export the model again');
}

type Float32Tensor = Tensor & { readonly data: Float32Array };

/** What the list has in it. */
interface Parts {
  /** Of all layers, as torch has them; the file's bias is the sum of torch's two. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly h0: Tensor;
  readonly c0: Tensor;
  readonly head: { readonly weight: Tensor; readonly bias: Tensor };
}

function split({ inputs, hidden, layers }: Sizes, data: Float32Array): Parts {
  let at = 0;
  const take = (...shape: readonly number[]): Float32Tensor => {
    const start = at;
    at += shape.reduce((product, length) => product * length, 1);
    return { data: data.slice(start, at), shape };
  };
  const zeros = (...shape: readonly number[]): Float32Tensor => ({
    data: new Float32Array(shape.reduce((product, length) => product * length, 1)),
    shape,
  });
  const parameters: Record<string, Tensor> = {};
  const h0 = zeros(layers, 1, hidden);
  const c0 = zeros(layers, 1, hidden);
  for (let l = 0; l < layers; l++) {
    const width = l === 0 ? inputs : hidden;
    const both = take(4 * hidden, width + hidden);
    parameters[`weight_ih_l${l}`] = columns(both, 0, width);
    parameters[`weight_hh_l${l}`] = columns(both, width, width + hidden);
    parameters[`bias_ih_l${l}`] = take(4 * hidden);
    parameters[`bias_hh_l${l}`] = zeros(4 * hidden);
    h0.data.set(take(hidden).data, l * hidden);
    c0.data.set(take(hidden).data, l * hidden);
  }
  return { parameters, h0, c0, head: { weight: take(1, hidden), bias: take(1) } };
}

const optionsOf = ({ inputs, hidden, layers }: Sizes): Layer['options'] => ({
  inputSize: inputs,
  hiddenSize: hidden,
  numLayers: layers,
  bias: true,
  batchFirst: false,
  bidirectional: false,
  dtype: 'float32',
});

/** Columns of a matrix, from the first on and before the last, as a copy. */
function columns({ data, shape }: Float32Tensor, from: number, to: number): Tensor {
  const [rows, width] = shape as readonly [number, number];
  const part = data.slice(0, rows * (to - from));
  for (let row = 0; row < rows; row++) {
    part.set(data.subarray(row * width + from, row * width + to), row * (to - from));
  }
  return { data: part, shape: [rows, to - from] };
}
