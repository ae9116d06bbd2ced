import { SUM_BLOCK } from '@congruent/codegen';
import { type Lanes, VECTOR_BYTES } from './lanes.ts';
import {
  add,
  advance,
  and,
  atLeast,
  below,
  call,
  define,
  div,
  eq,
  get,
  i32,
  loopWhile,
  min,
  mul,
  repeat,
  set,
  shl,
  shr,
  sub,
  type Wat,
  when,
} from './wat.ts';

/**
 * Output rows are counted in pairs of vectors. A matrix is packed into panels of up to four pairs, as equal in width as
 * can be, and a panel is stored column by column: lanes run across output rows, so every lane adds up one row's
 * products in the order of the specification.
 */
export const PAIR_BYTES: number = 2 * VECTOR_BYTES;
export const PANEL_PAIRS = 4;
const PAIR_SHIFT = Math.log2(PAIR_BYTES);

/** Rows of the operand that share each load of the matrix; 4 × 2 sums, 2 weights and an element fit 15 registers. */
const TILE_ROWS = 4;

/** Columns in the body of the loop. */
const UNROLL = 4;

/** The tile kernels and the product made of them. */
export function productFunctions(lanes: Lanes): Wat[] {
  const widths = Array.from({ length: PANEL_PAIRS }, (_, index) => 2 * (index + 1));
  return [...widths.flatMap((width) => tile(lanes, 1, width)), ...tile(lanes, TILE_ROWS, 2), ...product(lanes)];
}

const tileName = (rows: number, vectors: number): string => `tile_${rows}x${vectors}`;

/** Sums of `rows` operand rows by `vectors` vectors of output rows, all in registers. */
function tile(lanes: Lanes, rows: number, vectors: number): Wat[] {
  const all = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  const sum = (row: number, vector: number): string => `sum_${row}_${vector}`;
  const each = (make: (row: number, vector: number) => Wat): Wat[] =>
    all(rows, (row) => all(vectors, (vector) => make(row, vector))).flat();
  const v = (row: number): string => `v_${row}`;
  const out = (row: number): string => `out_${row}`;
  const whole = rows === 1; // as wide as its panel: columns lie at constant distances, and each weight is used once
  const column = (index: number): Wat[] => [
    ...(whole ? [] : all(vectors, (vector) => set(`w_${vector}`, load(get('W'), vector)))),
    ...all(rows, (row) => [
      set('element', [lanes.loadSplat, ...offset(index * lanes.bytes), get(v(row))]),
      ...all(vectors, (vector) =>
        set(
          sum(row, vector),
          lanes.multiplyAdd(
            get(sum(row, vector)),
            whole ? load(get('W'), index * vectors + vector) : get(`w_${vector}`),
            get('element'),
          ),
        ),
      ),
    ]).flat(),
    ...(whole ? [] : [advance('W', get('width'))]),
    set('count', sub(get('count'), i32(1))),
  ];
  // A test after every column, and not only after several: TurboFan keeps the order of loads but moves arithmetic
  // towards its use, to the end of the block, and would have all loaded weights in registers, or rather not, at a time.
  const columns: Wat[] = [
    ...all(UNROLL, (index): Wat[] => [
      ...column(index),
      ...(index < UNROLL - 1 ? [['br_if', '$done', ['i32.eqz', get('count')]]] : []),
    ]).flat(),
    ...(whole ? [advance('W', UNROLL * vectors * VECTOR_BYTES)] : []),
    ...all(rows, (row) => advance(v(row), UNROLL * lanes.bytes)),
  ];
  const at = (row: number, vector: number): Wat => load(get(out(row)), vector);
  const comment =
    `${rows} × ${vectors} sums of ${'`count`'} products, from +0 in the order of the columns. Where they are not the first block's\n` +
    'they are added to the total that stands in `out`; where `bias` is not 0 the bias is added at last.';
  const strided = whole ? [] : ['width', 'stride', 'out_stride'];
  return define(
    {
      name: tileName(rows, vectors),
      comment,
      parameters: ['W', 'v_0', 'count', 'out_0', 'first', 'bias', ...strided],
    },
    [
      ...all(rows - 1, (row) => set(v(row + 1), add(get(v(row)), get('stride')))),
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

/** Panel by panel, block of columns by block of columns, tile by tile. */
function product({ bytes }: Lanes): Wat[] {
  const inPanel = (widest: number): Wat => {
    const tileCall = call(
      tileName(1, 2 * widest),
      get('W'),
      get('v_at'),
      get('count'),
      get('out_at'),
      get('first'),
      get('last_bias'),
    );
    if (widest === 1) return tileCall;
    return when(eq(get('width'), widest), [tileCall], [inPanel(widest - 1)]);
  };
  const comment =
    'out[row, i] = Σ_k W[i, k] v[row, k] + bias[i] for `rows` rows of v, `stride` bytes apart: sums of 64 products from\n' +
    'the left, added from the left. W is packed; `pairs` counts its rows in pairs of vectors. Without a bias: bias = 0.';
  return define(
    {
      name: 'product',
      comment,
      parameters: ['W', 'pairs', 'columns', 'v', 'stride', 'rows', 'out', 'bias'],
    },
    [
      set('out_stride', shl(get('pairs'), PAIR_SHIFT)),
      set('panels', div(add(get('pairs'), PANEL_PAIRS - 1), PANEL_PAIRS)),
      repeat(
        'panel',
        [
          set('width', div(sub(add(get('pairs'), get('panels')), i32(1)), get('panels'))),
          set('k', i32(0)),
          repeat(
            'block',
            [
              set('count', min(sub(get('columns'), get('k')), i32(SUM_BLOCK))),
              set('first', ['i32.eqz', get('k')]),
              set('last_bias', mul(get('bias'), eq(add(get('k'), get('count')), get('columns')))),
              set('v_at', add(get('v'), mul(get('k'), bytes))),
              set('out_at', get('out')),
              set('left', get('rows')),
              loopWhile('tiles', atLeast(get('left'), TILE_ROWS), [
                set('pair', i32(0)),
                repeat(
                  'next_pair',
                  [
                    set('shift', shl(get('pair'), PAIR_SHIFT)),
                    call(
                      tileName(TILE_ROWS, 2),
                      add(get('W'), get('shift')),
                      get('v_at'),
                      get('count'),
                      add(get('out_at'), get('shift')),
                      get('first'),
                      ['select', add(get('last_bias'), get('shift')), i32(0), get('last_bias')],
                      shl(get('width'), PAIR_SHIFT),
                      get('stride'),
                      get('out_stride'),
                    ),
                    advance('pair', 1),
                  ],
                  below(get('pair'), get('width')),
                ),
                advance('v_at', mul(get('stride'), TILE_ROWS)),
                advance('out_at', mul(get('out_stride'), TILE_ROWS)),
                set('left', sub(get('left'), i32(TILE_ROWS))),
              ]),
              loopWhile('row', get('left'), [
                inPanel(PANEL_PAIRS),
                advance('v_at', get('stride')),
                advance('out_at', get('out_stride')),
                set('left', sub(get('left'), i32(1))),
              ]),
              advance('W', mul(get('count'), shl(get('width'), PAIR_SHIFT))),
              advance('k', get('count')),
            ],
            below(get('k'), get('columns')),
          ),
          set('pairs', sub(get('pairs'), get('width'))),
          set('panels', sub(get('panels'), i32(1))),
          advance('out', shl(get('width'), PAIR_SHIFT)),
          when(get('bias'), [advance('bias', shl(get('width'), PAIR_SHIFT))]),
        ],
        get('panels'),
      ),
    ],
  );
}

/** Copies a matrix into its rows of a packed product. */
export function packFunction({ bytes }: Lanes): Wat[] {
  const load = bytes === 4 ? 'i32.load' : 'i64.load';
  const store = bytes === 4 ? 'i32.store' : 'i64.store';
  const lanesPerPair = PAIR_BYTES / bytes;
  const inPanelsOf = (width: Wat, pair: Wat, before: Wat): Wat[] => [
    set('width', width),
    set('first_pair', add(before, mul(div(pair, get('width')), get('width')))),
  ];
  const comment =
    'Copies a matrix of `rows` × `columns`, row-major, to the packed rows from `row` on of W, which has `pairs` in all.';
  return define({ name: 'pack', comment, parameters: ['matrix', 'rows', 'columns', 'W', 'row', 'pairs'] }, [
    set('panels', div(add(get('pairs'), PANEL_PAIRS - 1), PANEL_PAIRS)),
    set('narrow', div(get('pairs'), get('panels'))),
    ';; The first panels are one pair wider where the pairs do not divide evenly.',
    set('in_wide', mul(sub(get('pairs'), mul(get('panels'), get('narrow'))), add(get('narrow'), 1))),
    set('end', add(get('row'), get('rows'))),
    repeat(
      'next_row',
      [
        set('pair', shr(get('row'), Math.log2(lanesPerPair))),
        when(
          below(get('pair'), get('in_wide')),
          inPanelsOf(add(get('narrow'), 1), get('pair'), i32(0)),
          inPanelsOf(get('narrow'), sub(get('pair'), get('in_wide')), get('in_wide')),
        ),
        set(
          'to',
          add(
            add(get('W'), shl(mul(get('first_pair'), get('columns')), PAIR_SHIFT)),
            add(shl(sub(get('pair'), get('first_pair')), PAIR_SHIFT), mul(and(get('row'), lanesPerPair - 1), bytes)),
          ),
        ),
        set('k', get('columns')),
        repeat(
          'next_column',
          [
            [store, get('to'), [load, get('matrix')]],
            advance('matrix', bytes),
            advance('to', shl(get('width'), PAIR_SHIFT)),
            set('k', sub(get('k'), i32(1))),
          ],
          get('k'),
        ),
        advance('row', 1),
      ],
      below(get('row'), get('end')),
    ),
  ]);
}
