import { type Lanes, VECTOR_BYTES } from './lanes.ts';
import { NARROWEST, WIDEST } from './panels.ts';
import { add, advance, call, define, get, i32, repeat, set, sub, type Wat, when } from './wat.ts';

/**
 * Rows of the operand that share each load of the matrix. Two rows by the four vectors of half a panel are 8 sums; with
 * two elements and four weights they fit the 15 registers that engines have.
 */
export const TILE_ROWS = 2;

/**
 * Vectors of a column between two tests of the count. TurboFan keeps the order of loads but moves arithmetic towards its
 * use, to the end of the block, and would have all weights of the block in registers, or rather not, at a time.
 */
const UNTESTED = 4;

/** Columns in the body of the loop, as many as pay: one row by a whole panel is long already. */
const UNROLL = { one: 1, more: 3 } as const;

/** The tiles that the panels need: one row by a whole panel, and `TILE_ROWS` rows by half of one. */
export function tileFunctions(lanes: Lanes): Wat[] {
  return [
    ...widths(NARROWEST, WIDEST).flatMap((width) => tile(lanes, 1, width)),
    ...HALVES.flatMap((width) => tile(lanes, TILE_ROWS, width)),
  ];
}

const widths = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Widths of whole panels, the widest first. */
export const WHOLES: readonly number[] = widths(NARROWEST, WIDEST).reverse();

/** Widths of the halves of panels, which are rounded up or down, the widest first. */
export const HALVES: readonly number[] = widths(Math.floor(NARROWEST / 2), WIDEST / 2).reverse();

/** What a tile takes; one of several rows takes the strides too. */
export interface TileOperands {
  readonly W: Wat;
  readonly v: Wat;
  readonly count: Wat;
  readonly out: Wat;
  readonly first: Wat;
  readonly bias: Wat;
  readonly strides?: readonly [panel: Wat, v: Wat, out: Wat];
}

export const callTile = (lanes: Lanes, rows: number, width: number, operands: TileOperands): Wat => {
  const { W, v, count, out, first, bias, strides = [] } = operands;
  return call(tileName(lanes, rows, width), W, v, count, out, first, bias, ...strides);
};

const tileName = ({ fused }: Lanes, rows: number, vectors: number): string =>
  `${fused ? 'fused' : 'tile'}_${rows}x${vectors}`;

/** Sums of `rows` operand rows by `vectors` vectors of output rows, all in registers. */
function tile(lanes: Lanes, rows: number, vectors: number): Wat[] {
  const all = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  const sum = (row: number, vector: number): string => `sum_${row}_${vector}`;
  const each = (make: (row: number, vector: number) => Wat): Wat[] =>
    all(rows, (row) => all(vectors, (vector) => make(row, vector))).flat();
  const v = (row: number): string => `v_${row}`;
  const out = (row: number): string => `out_${row}`;
  const element = (row: number): string => `element_${row}`;
  const whole = rows === 1; // as wide as its panel: columns lie at constant distances, and each weight is used once
  const unroll = whole ? UNROLL.one : UNROLL.more;
  const leave: Wat = ['br_if', '$done', ['i32.eqz', get('count')]];
  const column = (index: number): Wat[] => [
    ...all(rows, (row) => set(element(row), [lanes.loadSplat, ...offset(index * lanes.bytes), get(v(row))])),
    ...all(vectors, (vector) => [
      ...(whole ? [] : [set('weight', load(get('W'), vector))]),
      ...all(rows, (row) => {
        const weight = whole ? load(get('W'), index * vectors + vector) : get('weight');
        const product = lanes.binary('*', weight, get(element(row)));
        return set(sum(row, vector), lanes.binary('+', get(sum(row, vector)), product));
      }),
      ...((vector + 1) % UNTESTED === 0 && vector + 1 < vectors ? [leave] : []),
    ]).flat(),
    ...(whole ? [] : [advance('W', get('stride'))]),
    set('count', sub(get('count'), i32(1))),
  ];
  const columns: Wat[] = [
    ...all(unroll, (index): Wat[] => [...column(index), ...(index < unroll - 1 ? [leave] : [])]).flat(),
    ...(whole ? [advance('W', unroll * vectors * VECTOR_BYTES)] : []),
    ...all(rows, (row) => advance(v(row), unroll * lanes.bytes)),
  ];
  const at = (row: number, vector: number): Wat => load(get(out(row)), vector);
  const comment =
    `${rows} × ${vectors} sums of ${'`count`'} products, from +0 in the order of the columns. Where they are not the first block's\n` +
    'they are added to the total that stands in `out`; where `bias` is not 0 the bias is added at last.';
  const strides = whole ? [] : ['stride', 'v_stride', 'out_stride'];
  return define(
    {
      name: tileName(lanes, rows, vectors),
      comment,
      parameters: ['W', 'v_0', 'count', 'out_0', 'first', 'bias', ...strides],
    },
    [
      ...all(rows - 1, (row) => set(v(row + 1), add(get(v(row)), get('v_stride')))),
      ...all(rows - 1, (row) => set(out(row + 1), add(get(out(row)), get('out_stride')))),
      ...each((row, vector) => set(sum(row, vector), lanes.constant(0))),
      ['block', '$done', repeat('columns', columns, get('count'))],
      when(
        ['i32.eqz', get('first')],
        each((row, vector) => set(sum(row, vector), lanes.binary('+', at(row, vector), get(sum(row, vector))))),
      ),
      when(
        get('bias'),
        each((row, vector) =>
          set(sum(row, vector), lanes.binary('+', get(sum(row, vector)), load(get('bias'), vector))),
        ),
      ),
      ...each((row, vector) => ['v128.store', ...offset(vector * VECTOR_BYTES), get(out(row)), get(sum(row, vector))]),
    ],
  );
}

const offset = (bytes: number): Wat[] => (bytes === 0 ? [] : [`offset=${bytes}`]);

const load = (at: Wat, vector: number): Wat => ['v128.load', ...offset(vector * VECTOR_BYTES), at];
