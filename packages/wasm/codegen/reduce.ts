import {
  type Extent,
  type Plan,
  product,
  type ReducePlan,
  SUM_BLOCK,
  sizeOf,
  sum,
  total,
  type View,
} from '@congruent/codegen';
import { addressOf, type Piece, strideOf } from './address.ts';
import { inI32, scaled } from './extent.ts';
import type { Lanes } from './lanes.ts';
import { columnOf, vectorsIn } from './panels.ts';
import { add, advance, below, call, get, i32, min, mul, repeat, set, sub, type Wat } from './wat.ts';

/** A sum of outer products as a product of two transposed arrays, block by block of rows, in pieces of the scratch memory. */
interface OuterSum {
  /** The left sides' rows of a block, transposed, one below the other. */
  readonly transposed: Piece;
  /** The right side's rows of a block, packed. */
  readonly packed: Piece;
  readonly result: Piece;
  /** Bytes of a row of the result, as many as of a column of the packed right side. */
  readonly rowBytes: Extent;
  /** Rows of the result. */
  readonly rows: Extent;
}

function outerSum({ lefts, right, label }: ReducePlan, number: number, { bytes, count }: Lanes): OuterSum {
  const rows = total(lefts.map(({ shape }) => shape));
  const rowBytes = scaled(columnOf(sizeOf(right!.shape), count), bytes);
  const piece = (name: string, bytes: Extent, comment: string): Piece => ({
    name: `${name}.${number}`,
    bytes,
    comment,
  });
  return {
    // Vectors of rows at the edge are written whole.
    transposed: piece('transposed', product(SUM_BLOCK * bytes, sum(rows, count - 1)), `${SUM_BLOCK} left sides`),
    packed: piece('packed', product(SUM_BLOCK, rowBytes), `${SUM_BLOCK} right sides`),
    result: piece('sum', product(rows, rowBytes), label),
    rowBytes,
    rows,
  };
}

/** The working memory of the sums of a plan. */
export const workspacesOf = ({ finish }: Plan, lanes: Lanes): readonly Piece[] =>
  finish.flatMap((stage, number) => {
    if (stage.kind !== 'reduce' || stage.right === undefined) return [];
    const { transposed, packed, result } = outerSum(stage, number, lanes);
    return [transposed, packed, result];
  });

/** A sum over rows; `number`: the stage's place in its plan. */
export function reduce(stage: ReducePlan, number: number, lanes: Lanes): Wat[] {
  const { label, over, lefts, right, results } = stage;
  const rows = over === 'sequence' ? get('rows') : i32(1);
  const sumRows = (left: View, index: number): Wat =>
    call(
      'sum_rows',
      addressOf(left, lanes),
      rows,
      inI32(strideOf(left, lanes)),
      inI32(sizeOf(left.shape)),
      addressOf(results[index]!, lanes),
    );
  const sums = right ? ofOuters(stage, right, outerSum(stage, number, lanes), rows, lanes) : lefts.map(sumRows);
  return [`;; ${label}, summed`, ...sums];
}

/**
 * A product for each block of rows: that of the left sides, transposed, with the right one, packed. The lanes that fill up a
 * panel hold anything, as only the others are copied from the result.
 */
function ofOuters(
  { lefts, results }: ReducePlan,
  right: View,
  { transposed, packed, result, rowBytes, rows: height }: OuterSum,
  rows: Wat,
  lanes: Lanes,
): Wat[] {
  const columns = sizeOf(right.shape);
  const vectors = vectorsIn(lanes, inI32(rowBytes));
  const above = (index: number): Extent => total(lefts.slice(0, index).map(({ shape }) => shape));
  const strideOfRight = strideOf(right, lanes);
  const fromRow = (view: View, stride: Extent): Wat =>
    stride === 0 ? addressOf(view, lanes) : add(addressOf(view, lanes), mul(get('row'), inI32(stride)));
  const block: Wat[] = [
    set('count', min(sub(rows, get('row')), i32(SUM_BLOCK))),
    call(
      'pack_rows',
      fromRow(right, strideOfRight),
      get('count'),
      inI32(columns),
      inI32(strideOfRight),
      get(packed.name),
      i32(0),
      get('count'),
      vectors,
    ),
    ...lefts.map((left, index) => {
      const stride = strideOf(left, lanes);
      const to = inI32(sum(transposed.name, product(SUM_BLOCK * lanes.bytes, above(index))));
      return call('transpose', fromRow(left, stride), get('count'), inI32(stride), inI32(sizeOf(left.shape)), to);
    }),
    call(
      'product',
      get(packed.name),
      vectors,
      get('count'),
      get(transposed.name),
      i32(SUM_BLOCK * lanes.bytes),
      inI32(height),
      get(result.name),
      i32(0),
      ['i32.ne', get('row'), i32(0)],
    ),
    advance('row', get('count')),
  ];
  const copies = lefts.map((left, index) =>
    call(
      'copy_rows',
      inI32(sum(result.name, product(above(index), rowBytes))),
      inI32(sizeOf(left.shape)),
      inI32(rowBytes),
      inI32(scaled(columns, lanes.bytes)),
      addressOf(results[index]!, lanes),
    ),
  );
  return [set('row', i32(0)), repeat('block_of_rows', block, below(get('row'), rows)), ...copies];
}
