import { SUM_BLOCK } from '@congruent/codegen';
import { type Lanes, lanesOf } from './lanes.ts';
import { bytesOf, halfOf, panelsOf } from './panels.ts';
import { callTile, TILE_ROWS, type TileOperands, tileFunctions } from './tiles.ts';
import {
  add,
  advance,
  atLeast,
  below,
  define,
  eq,
  get,
  i32,
  loopWhile,
  min,
  mul,
  repeat,
  set,
  shl,
  sub,
  type Wat,
  when,
} from './wat.ts';

/** The matrix product and the tiles it is made of. */
export function productFunctions(lanes: Lanes): Wat[][] {
  return [...arithmetics(lanes).flatMap(tileFunctions), product(lanes)];
}

/** Short blocks are never fused: that would save little, and where all terms are large it costs accuracy. */
const arithmetics = (lanes: Lanes): readonly Lanes[] => (lanes.fused ? [lanes, lanesOf(lanes.dtype, false)] : [lanes]);

/** Panel by panel, block of columns by block of columns, tile by tile. */
function product(lanes: Lanes): Wat[] {
  const comment =
    'out[row, i] = Σ_k W[i, k] v[row, k] + bias[i] for `rows` rows of v, `stride` bytes apart: sums of 64 products from\n' +
    'the left, added from the left. W is packed, with `vectors` in a column. Without a bias: bias = 0. `onto` ≠ 0: added\n' +
    'to what stands in `out`.';
  return define(
    { name: 'product', comment, parameters: ['W', 'vectors', 'columns', 'v', 'stride', 'rows', 'out', 'bias', 'onto'] },
    [
      set('out_stride', bytesOf(lanes, get('vectors'))),
      set('panels', panelsOf(get('vectors'))),
      repeat(
        'panel',
        [
          set('half', halfOf(get('vectors'), get('panels'))),
          set('width', shl(get('half'), 1)),
          set('k', i32(0)),
          repeat('block', block(lanes), below(get('k'), get('columns'))),
          set('vectors', sub(get('vectors'), get('width'))),
          set('panels', sub(get('panels'), i32(1))),
          advance('out', bytesOf(lanes, get('width'))),
          when(get('bias'), [advance('bias', bytesOf(lanes, get('width')))]),
        ],
        get('panels'),
      ),
    ],
  );
}

/** A block of columns of a panel, for all rows. */
function block(lanes: Lanes): Wat[] {
  const panel = {
    half: get('half'),
    W: get('W'),
    v: get('v_at'),
    count: get('count'),
    out: get('out_at'),
    first: get('first'),
    bias: get('last_bias'),
  };
  const left = { ...panel, strides: [get('stride'), get('out_stride')] } as const;
  const right = {
    ...left,
    W: add(get('W'), bytesOf(lanes, get('half'))),
    out: add(get('out_at'), bytesOf(lanes, get('half'))),
    bias: ['select', add(get('last_bias'), bytesOf(lanes, get('half'))), i32(0), get('last_bias')],
  };
  const next = (rows: number): Wat[] => [
    advance('v_at', mul(get('stride'), rows)),
    advance('out_at', mul(get('out_stride'), rows)),
    set('left', sub(get('left'), i32(rows))),
  ];
  return [
    set('count', min(sub(get('columns'), get('k')), i32(SUM_BLOCK))),
    set('first', ['i32.eqz', add(get('k'), get('onto'))]),
    set('last_bias', mul(get('bias'), eq(add(get('k'), get('count')), get('columns')))),
    set('v_at', add(get('v'), mul(get('k'), lanes.bytes))),
    set('out_at', get('out')),
    set('left', get('rows')),
    loopWhile('tiles', atLeast(get('left'), TILE_ROWS), [
      tileCall(lanes, TILE_ROWS, left),
      tileCall(lanes, TILE_ROWS, right),
      ...next(TILE_ROWS),
    ]),
    loopWhile('row', get('left'), [tileCall(lanes, 1, panel), ...next(1)]),
    advance('W', mul(get('count'), bytesOf(lanes, get('width')))),
    advance('k', get('count')),
  ];
}

/** A call of a tile in the arithmetic of whole blocks of columns, or of short ones. */
function tileCall(lanes: Lanes, rows: number, operands: TileOperands): Wat {
  const [whole, short] = arithmetics(lanes).map((of) => callTile(of, rows, operands));
  return short === undefined ? whole! : when(eq(get('count'), SUM_BLOCK), [whole!], [short]);
}
