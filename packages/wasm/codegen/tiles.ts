import type { Lanes } from './lanes.ts';
import { NARROWEST, WIDEST } from './panels.ts';
import { add, advance, and, call, define, eq, get, i32, repeat, set, shr, sub, type Wat, when } from './wat.ts';

/**
 * Rows of the operand that share each load of the matrix. Two rows by the four vectors of half a panel are 8 sums; with
 * two elements and four weights they fit the 15 registers that engines have.
 */
export const TILE_ROWS = 2;

/** Columns in a turn of the inner loop, as many as pay. */
const TURN = { one: 1, more: 4 } as const;

/** Vectors of half a panel, the widest first. */
const HALVES: readonly number[] = Array.from({ length: (WIDEST - NARROWEST) / 2 + 1 }, (_, i) => WIDEST / 2 - i);

/** One row by a whole panel, or more rows by half of one. */
interface Shape {
  readonly rows: number;
  /** Vectors of half a panel. */
  readonly half: number;
}

const vectorsOf = ({ rows, half }: Shape): number => (rows === 1 ? 2 * half : half);

/** The tiles that the panels need. */
export const tileFunctions = (lanes: Lanes): Wat[][] =>
  [1, TILE_ROWS].flatMap((rows) => HALVES.map((half) => tile(lanes, { rows, half })));

/** What a tile takes; one of several rows takes the distances of the rows of v and out too, in bytes. */
export interface TileOperands {
  /** Vectors of half the panel, which decide which tile it is. */
  readonly half: Wat;
  readonly W: Wat;
  readonly v: Wat;
  readonly count: Wat;
  readonly out: Wat;
  readonly first: Wat;
  readonly bias: Wat;
  readonly strides?: readonly [v: Wat, out: Wat];
}

/** A call of the tile for so many rows. */
export const callTile = (lanes: Lanes, rows: number, operands: TileOperands): Wat => {
  const { half, W, v, count, out, first, bias, strides = [] } = operands;
  const ofHalf = ([widest, ...rest]: readonly number[]): Wat => {
    const tile = call(tileName(lanes, { rows, half: widest! }), W, v, count, out, first, bias, ...strides);
    return rest.length === 0 ? tile : when(eq(half, widest!), [tile], [ofHalf(rest)]);
  };
  return ofHalf(HALVES);
};

const tileName = ({ fused }: Lanes, shape: Shape): string =>
  `${fused ? 'fused' : 'tile'}_${shape.rows}x${vectorsOf(shape)}`;

const sum = (row: number, vector: number): string => `sum_${row}_${vector}`;
const v = (row: number): string => `v_${row}`;
const out = (row: number): string => `out_${row}`;
const element = (row: number): string => `element_${row}`;

const all = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Sums of operand rows by vectors of output rows, all in registers. */
function tile(lanes: Lanes, shape: Shape): Wat[] {
  const { rows, half } = shape;
  const vectors = vectorsOf(shape);
  const each = (make: (row: number, vector: number) => Wat): Wat[] =>
    all(rows, (row) => all(vectors, (vector) => make(row, vector))).flat();
  const addToSums = (left: (row: number, vector: number) => Wat): Wat[] =>
    each((row, vector) => set(sum(row, vector), lanes.add(left(row, vector), get(sum(row, vector)))));
  const comment =
    `${rows} × ${vectors} sums of \`count\` products, from +0 in the order of the columns, of panels ${2 * half} vectors wide. Where\n` +
    "they are not the first block's they are added to the total that stands in `out`; where `bias` is not 0 the bias is\n" +
    'added at last. The branches amid the products are never taken: they keep compilers from moving arithmetic past them.';
  return define(
    {
      name: tileName(lanes, shape),
      comment,
      parameters: ['W', 'v_0', 'count', 'out_0', 'first', 'bias', ...(rows > 1 ? ['v_stride', 'out_stride'] : [])],
    },
    [
      ...all(rows - 1, (row) => set(v(row + 1), add(get(v(row)), get('v_stride')))),
      ...all(rows - 1, (row) => set(out(row + 1), add(get(out(row)), get('out_stride')))),
      ...each((row, vector) => set(sum(row, vector), lanes.constant(0))),
      ['block', '$done', ...columns(lanes, shape)],
      when(
        ['i32.eqz', get('first')],
        addToSums((row, vector) => load(lanes, get(out(row)), vector)),
      ),
      when(
        get('bias'),
        addToSums((_, vector) => load(lanes, get('bias'), vector)),
      ),
      ...each((row, vector) => [
        lanes.store,
        ...offset(vector * lanes.vectorBytes),
        get(out(row)),
        get(sum(row, vector)),
      ]),
    ],
  );
}

/** All columns: turns of as many as pay, then the rest one by one. */
function columns(lanes: Lanes, shape: Shape): Wat[] {
  const turn = shape.rows === 1 ? TURN.one : TURN.more;
  const rest = loop(lanes, shape, 1, 'count');
  if (turn === 1) return [rest];
  return [
    set('turns', shr(get('count'), Math.log2(turn))),
    loop(lanes, shape, turn, 'turns'),
    set('count', and(get('count'), turn - 1)),
    rest,
  ];
}

/** Turns of so many columns, as many as the counter says. */
function loop(lanes: Lanes, shape: Shape, turn: number, counter: string): Wat {
  const { rows, half } = shape;
  const parts = all(turn, (column) => all(vectorsOf(shape) / half, (part) => columnPart(lanes, shape, column, part)));
  const body = [
    ...parts.flat().flatMap((part, number) => (number === 0 ? part : [fence(number), ...part])),
    advance('W', turn * 2 * half * lanes.vectorBytes),
    ...all(rows, (row) => advance(v(row), turn * lanes.bytes)),
    set(counter, sub(get(counter), i32(1))),
  ];
  return when(get(counter), [repeat(`next_${counter}`, body, get(counter))]);
}

/**
 * A branch that is never taken. The compiler of V8 up to Node 22 keeps the order of loads but moves arithmetic towards its
 * use, to the end of a block: without fences the weights of a whole turn would be live at once, and spill. That of Node 24
 * keeps the order, and folds the condition, of which nothing is left. Each fence of a turn has a number of its own, above
 * 0, since compilers drop a branch on a condition that they have seen tested.
 */
const fence = (number: number): Wat => ['br_if', '$done', ['i32.eqz', ['i32.popcnt', i32(number)]]];

/** Half a panel's products with one element of each row, added to the sums; the first half loads the elements. */
function columnPart(lanes: Lanes, { rows, half }: Shape, column: number, part: number): Wat[] {
  const loadElement = (row: number): Wat =>
    set(element(row), [lanes.loadSplat, ...offset(column * lanes.bytes), get(v(row))]);
  const products = (vector: number): Wat[] => {
    const loaded = load(lanes, get('W'), column * 2 * half + vector);
    const weight = rows === 1 ? loaded : get('weight');
    const addProduct = (row: number): Wat =>
      set(sum(row, vector), lanes.addProduct(get(sum(row, vector)), weight, get(element(row))));
    return [...(rows === 1 ? [] : [set('weight', loaded)]), ...all(rows, addProduct)];
  };
  return [...(part === 0 ? all(rows, loadElement) : []), ...all(half, (index) => products(part * half + index)).flat()];
}

const offset = (bytes: number): Wat[] => (bytes === 0 ? [] : [`offset=${bytes}`]);

const load = ({ load: word, vectorBytes }: Lanes, at: Wat, vector: number): Wat => [
  word,
  ...offset(vector * vectorBytes),
  at,
];
