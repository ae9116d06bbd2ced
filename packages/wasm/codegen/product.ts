import { SUM_BLOCK } from '@congruent/codegen';
import { type Lanes, lanesOf } from './lanes.ts';
import { bytesOf, panelsOf } from './panels.ts';
import { callTile, HALVES, TILE_ROWS, type TileOperands, tileFunctions, WHOLES } from './tiles.ts';
import {
  add,
  advance,
  atLeast,
  below,
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
  shr,
  sub,
  type Wat,
  when,
} from './wat.ts';

/** The matrix product and the tiles it is made of. */
export function productFunctions(lanes: Lanes): Wat[] {
  return [...arithmetics(lanes).flatMap(tileFunctions), ...product(lanes)];
}

/** Short blocks are never fused: that would save little, and where all terms are large it costs accuracy. */
const arithmetics = (lanes: Lanes): readonly Lanes[] => (lanes.fused ? [lanes, lanesOf(lanes.dtype, false)] : [lanes]);

/** Panel by panel, block of columns by block of columns, tile by tile. */
function product(lanes: Lanes): Wat[] {
  const [long, short = long] = arithmetics(lanes) as [Lanes, Lanes?];
  const tile = (rows: number, width: number, operands: TileOperands): Wat => {
    const [fused, exact] = [long, short].map((of) => callTile(of, rows, width, operands)) as [Wat, Wat];
    return long === short ? exact : when(eq(get('count'), SUM_BLOCK), [fused], [exact]);
  };
  /** The tile that is as wide as `width` says. */
  const ofWidth = (rows: number, [widest, ...rest]: readonly number[], width: string, operands: TileOperands): Wat => {
    const call = tile(rows, widest!, operands);
    return rest.length === 0 ? call : when(eq(get(width), widest!), [call], [ofWidth(rows, rest, width, operands)]);
  };
  const operands = {
    W: get('W'),
    v: get('v_at'),
    count: get('count'),
    out: get('out_at'),
    first: get('first'),
    bias: get('last_bias'),
  };
  const strides = [bytesOf(get('width')), get('stride'), get('out_stride')] as const;
  const shifted = { W: add(get('W'), get('shift')), out: add(get('out_at'), get('shift')) };
  const shiftedBias: Wat = ['select', add(get('last_bias'), get('shift')), i32(0), get('last_bias')];
  const rows = (count: number): Wat[] => [
    advance('v_at', mul(get('stride'), count)),
    advance('out_at', mul(get('out_stride'), count)),
    set('left', sub(get('left'), i32(count))),
  ];
  const comment =
    'out[row, i] = Σ_k W[i, k] v[row, k] + bias[i] for `rows` rows of v, `stride` bytes apart: sums of 64 products from\n' +
    'the left, added from the left. W is packed, with `vectors` in a column. Without a bias: bias = 0. `onto` ≠ 0: added\n' +
    'to what stands in `out`.';
  return define(
    { name: 'product', comment, parameters: ['W', 'vectors', 'columns', 'v', 'stride', 'rows', 'out', 'bias', 'onto'] },
    [
      set('out_stride', bytesOf(get('vectors'))),
      set('panels', panelsOf(get('vectors'))),
      repeat(
        'panel',
        [
          set('width', div(sub(add(get('vectors'), get('panels')), i32(1)), get('panels'))),
          set('right', shr(get('width'), 1)),
          set('left_half', sub(get('width'), get('right'))),
          set('shift', bytesOf(get('left_half'))),
          set('k', i32(0)),
          repeat(
            'block',
            [
              set('count', min(sub(get('columns'), get('k')), i32(SUM_BLOCK))),
              set('first', ['i32.eqz', add(get('k'), get('onto'))]),
              set('last_bias', mul(get('bias'), eq(add(get('k'), get('count')), get('columns')))),
              set('v_at', add(get('v'), mul(get('k'), lanes.bytes))),
              set('out_at', get('out')),
              set('left', get('rows')),
              loopWhile('tiles', atLeast(get('left'), TILE_ROWS), [
                ofWidth(TILE_ROWS, HALVES, 'left_half', { ...operands, strides }),
                ofWidth(TILE_ROWS, HALVES, 'right', { ...operands, ...shifted, bias: shiftedBias, strides }),
                ...rows(TILE_ROWS),
              ]),
              loopWhile('row', get('left'), [ofWidth(1, WHOLES, 'width', operands), ...rows(1)]),
              advance('W', mul(get('count'), bytesOf(get('width')))),
              advance('k', get('count')),
            ],
            below(get('k'), get('columns')),
          ),
          set('vectors', sub(get('vectors'), get('width'))),
          set('panels', sub(get('panels'), i32(1))),
          advance('out', bytesOf(get('width'))),
          when(get('bias'), [advance('bias', bytesOf(get('width')))]),
        ],
        get('panels'),
      ),
    ],
  );
}
