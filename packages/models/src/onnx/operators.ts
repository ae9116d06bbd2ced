import type { StoredArray, StoredDType, StoredTensor } from '@congruent/runtime';
import { shortened } from '../errors.ts';
import { isFloating } from '../layers/parameter.ts';
import { arrayLike, type Budget, numbersOf, sizeOf, strided, stridesOf } from './arrays.ts';
import { listed } from './numbers.ts';
import type { NodeProto } from './proto.ts';
import { attributeOf, nameOf } from './scope.ts';
import { damaged } from './wire.ts';

/** What a node gives of constants, as which output; inputs that it leaves out are absent. A text says why it is not computed. */
export type Operator = (
  node: NodeProto,
  inputs: readonly (StoredTensor | undefined)[],
  budget: Budget,
  output: number,
) => StoredTensor | string;

/**
 * The operators by which exporters put a layer's weights together, as ONNX's docs/Operators.md defines them. Attributes of
 * earlier operator sets, which are inputs now, are read, too.
 */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  Identity: (node, inputs) => first(node, inputs),
  Cast: cast,
  Concat: concat,
  Gather: gather,
  Reshape: reshape,
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
};

const wrong = (node: NodeProto, problem: string): Error => damaged(`node ${shortened(nameOf(node))}`, problem);

function first(node: NodeProto, inputs: readonly (StoredTensor | undefined)[]): StoredTensor {
  const [tensor] = inputs;
  if (!tensor) throw wrong(node, `${node.opType} has no input`);
  return tensor;
}

/** Integers that are an input now and were an attribute once. */
function integers(node: NodeProto, name: string, input: StoredTensor | undefined): readonly number[] | undefined {
  if (input) return numbersOf(input);
  const attribute = attributeOf(node, name);
  return attribute && listed(attribute.ints);
}

const integer = (node: NodeProto, name: string): number | undefined => {
  const value = attributeOf(node, name)?.i;
  return value === undefined ? undefined : Number(value);
};

/** An axis, which counts from the end where it is negative. */
function axisOf(node: NodeProto, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!(positive >= 0 && positive < rank)) throw wrong(node, `axis ${axis} of ${rank} dimensions`);
  return positive;
}

/** Integers become any number, floats become floats; what a float becomes as an integer differs between runtimes. */
function cast(node: NodeProto, inputs: readonly (StoredTensor | undefined)[], budget: Budget): StoredTensor | string {
  const tensor = first(node, inputs);
  const { data, shape } = tensor;
  const to = CASTS.get(integer(node, 'to') ?? 0);
  if (!to) return 'casts to a type that is not computed here';
  if (isFloating(tensor) && to.integer) return 'casts floats to integers';
  const result = arrayLike(to.array, data.length, budget);
  for (let k = 0; k < data.length; k++) result[k] = to.dtype === 'int64' ? BigInt(data[k]!) : Number(data[k]);
  return { data: result, shape, dtype: to.dtype };
}

/** By TensorProto.DataType. */
const CASTS: ReadonlyMap<number, CastTo> = new Map([
  [1, { dtype: 'float32', array: new Float32Array(0), integer: false }],
  [6, { dtype: 'int32', array: new Int32Array(0), integer: true }],
  [7, { dtype: 'int64', array: new BigInt64Array(0), integer: true }],
  [11, { dtype: 'float64', array: new Float64Array(0), integer: false }],
]);

interface CastTo {
  readonly dtype: StoredDType;
  readonly array: StoredArray;
  readonly integer: boolean;
}

function concat(node: NodeProto, inputs: readonly (StoredTensor | undefined)[], budget: Budget): StoredTensor {
  const { data, shape, dtype } = first(node, inputs);
  const axis = axisOf(node, integer(node, 'axis') ?? 0, shape.length);
  const parts = inputs.map((part) => {
    const fits = part?.shape.length === shape.length && part.shape.every((n, k) => k === axis || n === shape[k]);
    if (!part || !fits || part.dtype !== dtype) throw wrong(node, 'what it puts together does not fit');
    return { data: part.data, length: part.shape[axis]!, block: sizeOf(part.shape.slice(axis)) };
  });
  const length = parts.reduce((total, part) => total + part.length, 0);
  const whole = shape.map((n, k) => (k === axis ? length : n));
  const result = arrayLike(data, sizeOf(whole), budget);
  const outer = sizeOf(shape.slice(0, axis));
  // Where nothing is put together, the other lengths may be any.
  const filled = result.length > 0 ? parts.filter(({ block }) => block > 0) : [];
  let to = 0;
  for (let k = 0; k < outer && filled.length > 0; k++) {
    for (const { data: from, block } of filled) {
      result.set(from.subarray(k * block, (k + 1) * block) as never, to);
      to += block;
    }
  }
  return { data: result, shape: whole, dtype };
}

function gather(node: NodeProto, inputs: readonly (StoredTensor | undefined)[], budget: Budget): StoredTensor {
  const { data, shape, dtype } = first(node, inputs);
  const [, indices] = inputs;
  if (!indices) throw wrong(node, 'Gather has no indices');
  const axis = axisOf(node, integer(node, 'axis') ?? 0, shape.length);
  const length = shape[axis]!;
  const chosen = numbersOf(indices).map((index) => (index < 0 ? index + length : index));
  const outside = chosen.find((index) => !(index >= 0 && index < length));
  if (outside !== undefined) throw wrong(node, `index ${outside} of ${length}`);
  const [outer, block] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const result = arrayLike(data, outer * chosen.length * block, budget);
  let to = 0;
  // As many rounds as there are elements at most: other lengths may be any where there are none.
  for (let k = 0; k < outer && to < result.length; k++) {
    for (const index of chosen) {
      const from = (k * length + index) * block;
      result.set(data.subarray(from, from + block) as never, to);
      to += block;
    }
  }
  return { data: result, shape: [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)], dtype };
}

/** 0 keeps a length unless `allowzero`, -1 is whatever is left. */
function reshape(node: NodeProto, inputs: readonly (StoredTensor | undefined)[]): StoredTensor {
  const { data, shape, dtype } = first(node, inputs);
  const asked = integers(node, 'shape', inputs[1]);
  if (!asked) throw wrong(node, 'Reshape has no shape');
  const zero = integer(node, 'allowzero') === 1;
  const lengths = asked.map((length, axis) => (length === 0 && !zero ? (shape[axis] ?? 0) : length));
  const known = sizeOf(lengths.filter((length) => length !== -1));
  const result = lengths.map((length) => (length === -1 ? data.length / known : length));
  if (sizeOf(result) !== data.length || !result.every((length) => Number.isInteger(length) && length >= 0)) {
    throw wrong(node, `[${shape.join(', ')}] as [${asked.join(', ')}]`);
  }
  return { data, shape: result, dtype };
}

function slice(node: NodeProto, inputs: readonly (StoredTensor | undefined)[], budget: Budget): StoredTensor {
  const tensor = first(node, inputs);
  const rank = tensor.shape.length;
  const starts = integers(node, 'starts', inputs[1]);
  const ends = integers(node, 'ends', inputs[2]);
  if (!starts || !ends) throw wrong(node, 'Slice has no starts or no ends');
  const axes = integers(node, 'axes', inputs[3]) ?? starts.map((_, axis) => axis);
  const steps = inputs[4] ? numbersOf(inputs[4]) : starts.map(() => 1);
  if ([ends, axes, steps].some(({ length }) => length !== starts.length)) {
    throw wrong(node, 'Slice has not as many starts as ends, axes or steps');
  }
  const shape = [...tensor.shape];
  const strides = [...stridesOf(shape)];
  let offset = 0;
  starts.forEach((start, k) => {
    const axis = axisOf(node, axes[k]!, rank);
    const step = steps[k]!;
    if (step === 0) throw wrong(node, 'Slice has a step of 0');
    const [from, length] = range(start, ends[k]!, step, shape[axis]!);
    offset += from * strides[axis]!;
    shape[axis] = length;
    strides[axis]! *= step;
  });
  return strided(tensor, shape, strides, offset, budget);
}

/** Where a slice begins in a dimension, and how long it is. */
function range(start: number, end: number, step: number, length: number): readonly [number, number] {
  const within = (index: number, low: number, high: number): number =>
    Math.min(Math.max(index < 0 ? index + length : index, low), high);
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const from = within(start, Math.max(low, 0), high);
  return [from, Math.max(0, Math.ceil((within(end, low, high) - from) / step))];
}

function split(
  node: NodeProto,
  inputs: readonly (StoredTensor | undefined)[],
  budget: Budget,
  output: number,
): StoredTensor {
  const tensor = first(node, inputs);
  const axis = axisOf(node, integer(node, 'axis') ?? 0, tensor.shape.length);
  const length = tensor.shape[axis]!;
  const equal = Math.ceil(length / node.output.length);
  const lengths = integers(node, 'split', inputs[1]) ?? node.output.map((_, k) => Math.min(equal, length - k * equal));
  const sum = lengths.reduce((total, each) => total + each, 0);
  if (lengths.length !== node.output.length || sum !== length || lengths.some((each) => each < 0)) {
    throw wrong(node, `Split of ${length} into [${lengths.join(', ')}]`);
  }
  const strides = stridesOf(tensor.shape);
  const before = lengths.slice(0, output).reduce((total, each) => total + each, 0);
  const shape = tensor.shape.map((each, k) => (k === axis ? lengths[output]! : each));
  return strided(tensor, shape, strides, before * strides[axis]!, budget);
}

function squeeze(node: NodeProto, inputs: readonly (StoredTensor | undefined)[]): StoredTensor {
  const { data, shape, dtype } = first(node, inputs);
  const axes = integers(node, 'axes', inputs[1])?.map((axis) => axisOf(node, axis, shape.length));
  if (axes?.some((axis) => shape[axis] !== 1)) throw wrong(node, 'Squeeze of a dimension that is not 1');
  const kept = shape.filter((length, axis) => (axes ? !axes.includes(axis) : length !== 1));
  return { data, shape: kept, dtype };
}

function transpose(node: NodeProto, inputs: readonly (StoredTensor | undefined)[], budget: Budget): StoredTensor {
  const tensor = first(node, inputs);
  const rank = tensor.shape.length;
  const order = integers(node, 'perm', undefined) ?? tensor.shape.map((_, axis) => rank - 1 - axis);
  const isOrder =
    order.length === rank && new Set(order).size === rank && order.every((axis) => axis >= 0 && axis < rank);
  if (!isOrder) throw wrong(node, `the order [${order.join(', ')}] of ${rank} dimensions`);
  const strides = stridesOf(tensor.shape);
  return strided(
    tensor,
    order.map((axis) => tensor.shape[axis]!),
    order.map((axis) => strides[axis]!),
    0,
    budget,
  );
}

function unsqueeze(node: NodeProto, inputs: readonly (StoredTensor | undefined)[]): StoredTensor {
  const { data, shape, dtype } = first(node, inputs);
  const asked = integers(node, 'axes', inputs[1]);
  if (!asked) throw wrong(node, 'Unsqueeze has no axes');
  const rank = shape.length + asked.length;
  const axes = new Set(asked.map((axis) => axisOf(node, axis, rank)));
  if (axes.size !== asked.length) throw wrong(node, `axes [${asked.join(', ')}]`);
  const rest = shape.values();
  return { data, shape: Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : rest.next().value!)), dtype };
}
