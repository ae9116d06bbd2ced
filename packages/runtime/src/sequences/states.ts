import type { Operand } from '../backend/signature.ts';
import { listOf } from '../dict.ts';
import { CongruentError, describe } from '../errors.ts';
import { checkTensor, type DType, type FloatArray, rowAt, shapeText, sizeOf, type Tensor, zeros } from '../tensor.ts';
import type { BatchRows } from './sequence.ts';

/** The states of a stack of layers. */
export interface ExpectedStates {
  /** In the cell's order. */
  readonly values: readonly Operand[];
  /** Of each: layers times directions. */
  readonly count: number;
  readonly dtype: DType;
}

/** The states of each layer and direction, [batch, ...row] each, in the order of the rows. */
export type LayerStates = readonly (readonly FloatArray[])[];

/**
 * One tensor for a cell with one state, an array of them for a cell with several; undefined or null: zeros.
 *
 * @param suffix  of the states' names in the message, e.g. `0` for `h0`
 * @throws CONGRUENT_SHAPE where the array is none, too short or long, or lacks one
 */
export function listStates(
  where: string,
  given: unknown,
  states: readonly Operand[],
  suffix: string,
): readonly unknown[] {
  if (states.length === 1) return [given];
  if (given === undefined || given === null) return [];
  const list = listOf(given);
  if (list?.length === states.length && list.every((each) => each)) return list;
  throw new CongruentError(
    'CONGRUENT_SHAPE',
    `${where}: the states must be an array [${namesWith(states, suffix)}], got ${describe(given)}.`,
  );
}

/**
 * Initial states by layer and direction.
 *
 * @param where  the start of an error message, e.g. `GRU.forward`
 * @param given  [count, B, ...row] each, or [count, ...row] for an unbatched input; undefined or null: zeros
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE
 */
export function readStates(
  where: string,
  given: readonly unknown[],
  rows: BatchRows,
  { values, count, dtype }: ExpectedStates,
): LayerStates {
  const shapes = values.map(({ row }) => stateShape(rows, count, row));
  const tensors = values.map(({ name }, i): Tensor => {
    const state = given[i] ?? { data: zeros(dtype, sizeOf(shapes[i]!)), shape: shapes[i] };
    return checkTensor(`${where}: ${name}0`, state, dtype);
  });
  checkRanks(where, tensors, rows, values, shapes);
  tensors.forEach(({ shape }, i) => {
    if (shapeText(shape) === shapeText(shapes[i]!)) return;
    const [first, ...rest] = shape;
    const got = rows.kind === 'unbatched' ? [first!, 1, ...rest] : shape;
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: ${values[i]!.name}0: Expected hidden${values.length > 1 ? `[${i}]` : ''} size ` +
        `(${[count, rows.batch, ...values[i]!.row].join(', ')}), got ${shapeText(got)}. ` +
        `States are never batch first. Give ${shapeText(shapes[i]!)}.`,
    );
  });
  return Array.from({ length: count }, (_, layer) =>
    tensors.map(({ data }, i) =>
      reordered(rowAt(data, layer, data.length / count), rows.order, sizeOf(values[i]!.row)),
    ),
  );
}

/** torch looks at the ranks of all states first, and not at all where the input is packed. */
function checkRanks(
  where: string,
  tensors: readonly Tensor[],
  { kind }: BatchRows,
  values: readonly Operand[],
  shapes: readonly (readonly number[])[],
): void {
  const ranks = (of: readonly (readonly number[])[]): string[] => of.map(({ length }) => `${length}-D`);
  const got = ranks(tensors.map(({ shape }) => shape));
  const expected = ranks(shapes);
  if (kind === 'packed' || `${got}` === `${expected}`) return;
  throw new CongruentError(
    'CONGRUENT_SHAPE',
    `${where}: ${namesWith(values, '0')}: For ${kind} ${expected[0]} input, ${namesWith(values, 'x', ' and ')} should also be ` +
      `${[...new Set(expected)].join(' and ')} but got ${got[1] ? `(${got.join(', ')}) tensors` : `${got} tensor`}. ` +
      `Give ${shapes.map(shapeText).join(' and ')}.`,
  );
}

const namesWith = (states: readonly Operand[], suffix: string, separator = ', '): string =>
  states.map(({ name }) => name + suffix).join(separator);

const stateShape = ({ kind, batch }: BatchRows, count: number, row: readonly number[]): number[] => [
  count,
  ...(kind === 'unbatched' ? [] : [batch]),
  ...row,
];

/** States as one tensor each, in the caller's order: the inverse of `readStates`. */
export const wrapStates = (layers: LayerStates, rows: BatchRows, { values, count, dtype }: ExpectedStates): Tensor[] =>
  values.map(({ row }, state) => {
    const width = sizeOf(row);
    const shape = stateShape(rows, count, row);
    const data = zeros(dtype, sizeOf(shape));
    layers.forEach((states, i) => {
      for (let b = 0; b < rows.batch; b++) {
        const to = i * rows.batch + (rows.order?.[b] ?? b);
        data.set(rowAt(states[state]!, b, width), to * width);
      }
    });
    return { data, shape };
  });

/** The same by name, each behind the state's: `h` with `n` is `hn`. */
export const namedStates = (
  tensors: readonly Tensor[],
  states: readonly Operand[],
  suffix: string,
): Record<string, Tensor> => Object.fromEntries(states.map(({ name }, i) => [name + suffix, tensors[i]!]));

function reordered(rows: FloatArray, order: readonly number[] | null, width: number): FloatArray {
  if (order === null) return rows;
  const result = rows.slice();
  order.forEach((from, to) => {
    result.set(rowAt(rows, from, width), to * width);
  });
  return result;
}
