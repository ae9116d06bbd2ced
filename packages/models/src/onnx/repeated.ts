import type { StoredTensor } from '@congruent/runtime';
import { numbersOf } from './arrays.ts';
import type { Folder } from './fold.ts';
import { listed } from './numbers.ts';
import { OPERATORS } from './operators.ts';
import type { NodeProto } from './proto.ts';
import { attributeOf, isONNX, type NodeSource, type Scope, type Steps, sourceOf, titleOf } from './scope.ts';
import { tensorReader } from './tensors.ts';

/** Exporters repeat states in a few steps. */
const MOST_STEPS = 100;

/** Operators that move numbers, and so give the one number of which all of a tensor are. */
const MOVING: readonly string[] = ['Concat', 'Flatten', 'Gather', 'Reshape', 'Split', 'Squeeze', 'Unsqueeze'];

/**
 * A value of three dimensions that repeats numbers of the file as often as is known when the model runs, as exporters write
 * a state for a batch of any size: `h0.expand(-1, batch, -1)`, `torch.zeros(1, batch, 8)`. A dimension in which it repeats
 * one thing has the length 1 here; nothing is given where it is computed otherwise.
 */
export function repeated(
  scope: Scope,
  name: string,
  fold: Folder,
  steps: Steps = { left: MOST_STEPS },
): StoredTensor | undefined {
  const value = fold(scope, name);
  if ('tensor' in value) return spread(value.tensor);
  const source = sourceOf(scope, name);
  const isComputed = source?.kind === 'node' && isONNX(source.node);
  return isComputed && steps.left-- > 0 ? computed(source, fold, steps) : undefined;
}

function computed({ node, scope }: NodeSource, fold: Folder, steps: Steps): StoredTensor | undefined {
  const { opType, input } = node;
  if (opType === 'ConstantOfShape') return filling(node);
  const [first, ...others] = (opType === 'Concat' ? input : input.slice(0, 1)).map((name) =>
    repeated(scope, name, fold, steps),
  );
  if (!first) return undefined;
  switch (opType) {
    case 'CastLike':
    case 'Identity':
    case 'Expand':
    case 'Tile':
      return first;
    case 'Cast':
      return isZero(first) ? first : moved(node, first);
    case 'Transpose':
      return moved(node, first);
    case 'Slice':
      return sliced(node, scope, first, fold);
    default: {
      const isOne = [first, ...others].every((each) => each?.data.length === 1 && each.data[0] === first.data[0]);
      return MOVING.includes(opType) && isOne ? first : undefined;
    }
  }
}

/** Whether all of a value is 0, which it is in any type. */
export const isZero = ({ data }: StoredTensor): boolean => data.length === 1 && Number(data[0]) === 0;

/** With three dimensions, in which the length is 1 where all are the same number. */
function spread(tensor: StoredTensor): StoredTensor | undefined {
  const { data, shape, dtype } = tensor;
  if (shape.length > 3 || data.length === 0) return undefined;
  const [number] = data;
  if (data.every((each: number | bigint) => each === number))
    return { data: data.slice(0, 1), shape: [1, 1, 1], dtype };
  return { data, shape: [1, 1, 1, ...shape].slice(-3), dtype };
}

/** The number that a tensor is filled with, which is 0 where the node does not say it. */
function filling(node: NodeProto): StoredTensor | undefined {
  const proto = attributeOf(node, 'value')?.t;
  const tensor = proto && tensorReader({ files: {} })(proto, `the value of ${titleOf(node)}`);
  return proto ? tensor && spread(tensor) : { data: new Float32Array(1), shape: [1, 1, 1], dtype: 'float32' };
}

/** What an operator makes of as many numbers as there are. */
function moved(node: NodeProto, tensor: StoredTensor): StoredTensor | undefined {
  const result = OPERATORS[node.opType]!(node, [tensor], { bytes: 2 * tensor.data.byteLength }, 0);
  return typeof result === 'string' ? undefined : result;
}

/** Some of the first dimension, as torch takes the states of one layer from those of all; of what repeats, the same. */
function sliced(node: NodeProto, scope: Scope, tensor: StoredTensor, fold: Folder): StoredTensor | undefined {
  const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map((name, k) => {
    const value = fold(scope, node.input[1 + k] ?? '');
    return 'tensor' in value ? numbersOf(value.tensor) : listed(attributeOf(node, name)?.ints);
  });
  const [axis = 0, start = -1, end = -1] = [axes![0], starts![0], ends![0]];
  if (starts!.length !== 1 || (steps![0] ?? 1) !== 1) return undefined;
  const { data, shape, dtype } = tensor;
  if (shape.at(axis) === 1) return tensor;
  // A Tile may have more of them.
  const [length = 0] = shape;
  if (axis !== 0 || start < 0 || end <= start || end > length) return undefined;
  const block = data.length / length;
  return { data: data.slice(start * block, end * block), shape: [end - start, ...shape.slice(1)], dtype };
}
