import { bytesPerElement, type StoredTensor, type Tensor } from '@congruent/runtime';
import { shortened } from '../errors.ts';
import type { Copies } from '../layers/copies.ts';
import type { Layer } from '../model.ts';
import { sizeOf } from './arrays.ts';
import type { Folder } from './fold.ts';
import { isZero, repeated } from './repeated.ts';
import { isOwn, type Scope, type Steps } from './scope.ts';
import { damaged } from './wire.ts';

/** What a node's states are: so many directions, of so many numbers, and how `initial_h` and `initial_c` lie. */
interface StateShape {
  readonly node: string;
  readonly directions: number;
  readonly hiddenSize: number;
  /** `layout` 1: [B, D, H] in place of [D, B, H]. */
  readonly batchFirst: boolean;
  readonly dtype: 'float32' | 'float64';
  /** Of how many sequences the batch is, where the file says it. */
  readonly batch: number | undefined;
}

/** Where the values of states are looked for. */
interface Around {
  readonly scope: Scope;
  readonly fold: Folder;
  readonly copies: Copies;
  readonly steps: Steps;
}

/** The values of a state in the order of a layer's, [D, B, H]; `zero` where the node has none; `open` until it runs. */
type State = Tensor | 'zero' | 'open';

/**
 * The states that a node begins with, as a layer has them; nothing where they are zeros, or come from outside.
 *
 * @param names  the values of `initial_h`, and for an LSTM `initial_c`; empty where it has none
 * @param notes  is told why the layer may not be run, where its states are the file's own and are not known
 */
export function initialStates(
  names: readonly string[],
  around: Around,
  shape: StateShape,
  notes: string[],
): Layer['initialStates'] {
  const states = names.map((name) => stateOf(name, around, shape, notes));
  const given = states.filter((state) => typeof state !== 'string');
  if (!given.some(({ data }) => data.some((value) => value !== 0))) return undefined;
  if (states.includes('open')) {
    notes.push('one of its initial states is in the file, and the other is not');
    return undefined;
  }
  const equal = given.every((state) => hasEqualRows(state, shape));
  const batch = shape.batch ?? (equal ? 1 : Math.max(...given.map((each) => each.shape[1]!)));
  if (batch > 1 && given.some(({ shape: [, own] }) => own !== batch && own !== 1)) {
    throw damaged(`node ${shortened(shape.node)}`, 'its initial states are of different batches');
  }
  const numbers = states.length * shape.directions * batch * shape.hiddenSize;
  around.copies([{ data: { byteLength: numbers * bytesPerElement(shape.dtype) } }]);
  const of = states.map((state) => rowsOf(state, batch, shape));
  return of.length === 1 ? of[0]! : of;
}

function stateOf(name: string, around: Around, shape: StateShape, notes: string[]): State {
  const { scope, fold, copies, steps } = around;
  if (name === '') return 'zero';
  const value = fold(scope, name);
  if ('tensor' in value) {
    copies([value.tensor]);
    return fitting(value.tensor, shape);
  }
  const row = repeated(scope, name, fold);
  if (row && isZero(row)) return 'zero';
  copies([row]);
  const state = row && expanded(row, shape);
  if (!state && isOwn(scope, name, steps)) notes.push(`its initial state ${value.why}`);
  return state ?? 'open';
}

/** A state of which every sequence of a batch, or every direction, or every number, has the same. */
function expanded({ data, shape }: StoredTensor, state: StateShape): Tensor | undefined {
  const { directions, hiddenSize, dtype } = state;
  if (!isOf(dtype, data)) return undefined;
  const lengths = shape as [number, number, number];
  const [d, b] = state.batchFirst ? [lengths[1], lengths[0]] : [lengths[0], lengths[1]];
  const fits = b === 1 && (d === 1 || d === directions) && (lengths[2] === 1 || lengths[2] === hiddenSize);
  if (!fits) return undefined;
  const result =
    dtype === 'float64' ? new Float64Array(directions * hiddenSize) : new Float32Array(directions * hiddenSize);
  for (let k = 0; k < result.length; k++) {
    const [direction, row] = [Math.floor(k / hiddenSize), k % hiddenSize];
    result[k] = data[(d === 1 ? 0 : direction * lengths[2]) + (lengths[2] === 1 ? 0 : row)]!;
  }
  return { data: result, shape: [directions, 1, hiddenSize] };
}

const isOf = (dtype: StateShape['dtype'], data: StoredTensor['data']): data is Tensor['data'] =>
  dtype === 'float64' ? data instanceof Float64Array : data instanceof Float32Array;

/** A constant state as a layer has it. */
function fitting(
  { data, shape }: StoredTensor,
  { node, directions, hiddenSize, batchFirst, dtype }: StateShape,
): Tensor {
  const [first = 0, second = 0, third] = shape;
  const [d, batch] = batchFirst ? [second, first] : [first, second];
  if (shape.length !== 3 || d !== directions || third !== hiddenSize || batch === 0 || !isOf(dtype, data)) {
    const expected = batchFirst ? `[B, ${directions}, ${hiddenSize}]` : `[${directions}, B, ${hiddenSize}]`;
    throw damaged(
      `node ${shortened(node)}`,
      `an initial state is [${shape.join(', ')}], and not ${expected} of ${dtype}`,
    );
  }
  const result = data.slice();
  for (let direction = 0; direction < directions && batchFirst; direction++) {
    for (let b = 0; b < batch; b++) {
      const from = (b * directions + direction) * hiddenSize;
      result.set(data.subarray(from, from + hiddenSize), (direction * batch + b) * hiddenSize);
    }
  }
  return { data: result, shape: [directions, batch, hiddenSize] };
}

/** Whether all sequences of a batch begin alike. */
function hasEqualRows({ data, shape }: Tensor, { hiddenSize }: StateShape): boolean {
  const ofDirection = shape[1]! * hiddenSize;
  return data.every((value, k) => value === data[k - (k % ofDirection) + (k % hiddenSize)]);
}

/** A state for so many sequences: each begins with its own row, or all with the first where there is no more. */
function rowsOf(state: State, batch: number, { directions, hiddenSize, dtype }: StateShape): Tensor {
  const shape = [directions, batch, hiddenSize];
  const result = dtype === 'float64' ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
  if (typeof state === 'string') return { data: result, shape };
  const own = state.shape[1]!;
  for (let row = 0; row < directions * batch; row++) {
    const from = (Math.floor(row / batch) * own + (own === 1 ? 0 : row % batch)) * hiddenSize;
    result.set(state.data.subarray(from, from + hiddenSize), row * hiddenSize);
  }
  return { data: result, shape };
}
