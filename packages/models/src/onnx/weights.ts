import type { StateDict, StoredTensor, Tensor } from '@congruent/runtime';
import { shortened } from '../errors.ts';
import { GATES, inTorchOrder } from '../layers/gates.ts';
import type { OwnEquations } from '../layers/own-cell.ts';
import { isFloating } from '../layers/parameter.ts';
import { damaged } from './wire.ts';

/** The constant inputs of a recurrent node. */
export interface Weights {
  readonly W: StoredTensor;
  readonly R: StoredTensor;
  readonly B: StoredTensor | undefined;
  readonly P: StoredTensor | undefined;
}

/** The sizes of a recurrent node, as its weights and attributes agree on them. */
export interface Sizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly dtype: 'float32' | 'float64';
}

/**
 * The sizes of a node.
 *
 * @param hiddenSize  the attribute, where the node has it
 * @throws MODEL_FORMAT where the weights do not fit each other or the attributes
 */
export function sizesOf(
  node: string,
  kind: OwnEquations['kind'],
  directions: number,
  hiddenSize: number | undefined,
  weights: Weights,
): Sizes {
  const { W, R } = weights;
  const [H, I] = [hiddenSize ?? R.shape[2] ?? 0, W.shape[2] ?? 0];
  const rows = GATES[kind].onnx.length * H;
  const expected = {
    W: [directions, rows, I],
    R: [directions, rows, H],
    B: [directions, 2 * rows],
    P: [directions, 3 * H],
  };
  for (const name of ['W', 'R', 'B', 'P'] as const) {
    const tensor = weights[name];
    if (!tensor) continue;
    const place = `node ${shortened(node)}, input ${name}`;
    const [got, wanted] = [tensor.shape.join(', '), expected[name].join(', ')];
    if (got !== wanted) {
      const says = `hidden_size ${H}${directions === 2 ? ' in two directions' : ''}`;
      throw damaged(place, `it is [${got}], and a layer of ${says} takes [${wanted}]`);
    }
    if (tensor.dtype !== W.dtype) throw damaged(place, `it is of ${tensor.dtype}, and W of ${W.dtype}`);
  }
  if (I === 0 || H === 0)
    throw damaged(`node ${shortened(node)}`, `its weights are of size 0: [${W.shape.join(', ')}]`);
  if (!isFloating(W)) {
    throw damaged(`node ${shortened(node)}, input W`, `it is of ${W.dtype}, which no weights are`);
  }
  return { inputSize: I, hiddenSize: H, dtype: W.dtype === 'float64' ? 'float64' : 'float32' };
}

/** Copies of the parameters in torch's order and names; with those of an own cell where they are for one. */
export function parametersOf(
  weights: Weights,
  { inputSize, hiddenSize }: Sizes,
  directions: number,
  equations: OwnEquations,
  own: boolean,
): StateDict {
  const { kind, inputForget = false } = equations;
  const rows = GATES[kind].onnx.length * hiddenSize;
  const parameters: Record<string, Tensor> = {};
  for (let direction = 0; direction < directions; direction++) {
    const suffix = direction === 0 ? '_l0' : '_l0_reverse';
    /** A direction's part of a tensor, or some of it. */
    const part = ({ data }: StoredTensor, shape: readonly number[], from = 0, of = shape): Tensor => {
      const [start, length] = [direction * product(of) + from, product(shape)];
      return { data: (data as Tensor['data']).subarray(start, start + length), shape };
    };
    const add = (name: string, tensor: Tensor): void => {
      const ordered = inTorchOrder(kind, 'onnx', tensor);
      parameters[name + suffix] = own && inputForget ? withoutForget(ordered) : ordered;
    };
    add('weight_ih', part(weights.W, [rows, inputSize]));
    add('weight_hh', part(weights.R, [rows, hiddenSize]));
    const bias = weights.B ?? (own ? zeros(weights.W, 2 * rows * directions) : undefined);
    if (bias) {
      add('bias_ih', part(bias, [rows], 0, [2 * rows]));
      add('bias_hh', part(bias, [rows], rows, [2 * rows]));
    }
    if (weights.P) parameters[`weight_peephole${suffix}`] = peepholes(part(weights.P, [3 * hiddenSize]), inputForget);
  }
  return parameters;
}

const product = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/** ONNX gives no B for zeros; an own cell has both biases. */
const zeros = ({ data, dtype }: StoredTensor, length: number): StoredTensor => ({
  data: data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length),
  shape: [length],
  dtype,
});

/** The rows of a tensor in torch's order, i, f, g, o, without those of the forget gate, which is coupled. */
function withoutForget({ data, shape: [rows = 0, ...rest] }: Tensor): Tensor {
  const block = data.length / 4;
  const result = data.slice(block);
  result.set(data.subarray(0, block));
  return { data: result, shape: [(3 * rows) / 4, ...rest] };
}

/** P has the peepholes in the order i, o, f; a cell in that of its gates, i, f, o. */
function peepholes({ data }: Tensor, inputForget: boolean): Tensor {
  const H = data.length / 3;
  const [i, o, f] = [0, 1, 2].map((k) => data.subarray(k * H, (k + 1) * H)) as [
    Tensor['data'],
    Tensor['data'],
    Tensor['data'],
  ];
  const parts = inputForget ? [i, o] : [i, f, o];
  const result = data.slice(0, parts.length * H);
  parts.forEach((each, k) => {
    result.set(each, k * H);
  });
  return { data: result, shape: [parts.length * H] };
}
