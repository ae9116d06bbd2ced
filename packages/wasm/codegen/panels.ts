import { type Extent, up } from '@congruent/codegen';
import type { Lanes } from './lanes.ts';
import {
  add,
  advance,
  and,
  below,
  define,
  div,
  get,
  i32,
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
 * Output rows are counted in vectors. A matrix is packed into panels of four, six or eight vectors, as equal in width as
 * can be: even numbers, so that the two halves of a panel run through the same tile. A panel is stored column by column:
 * lanes run across output rows, so every lane adds up one row's products in the order of the specification.
 */
export const WIDEST = 8;
export const NARROWEST = 4;

/** Elements of a column of a packed matrix with so many rows: an even number of vectors divides into such panels. */
export const columnOf = (rows: Extent, lanes: number): Extent => {
  const narrowest = NARROWEST * lanes;
  return up(typeof rows === 'number' ? Math.max(narrowest, rows) : { kind: 'max', of: [narrowest, rows] }, 2 * lanes);
};

/** As many bytes as so many vectors have. */
export const bytesOf = ({ vectorBytes }: Lanes, vectors: Wat): Wat => shl(vectors, Math.log2(vectorBytes));

/** As many vectors as so many bytes fill. */
export const vectorsIn = ({ vectorBytes }: Lanes, bytes: Wat): Wat => shr(bytes, Math.log2(vectorBytes));

/** Panels of a matrix with so many vectors in a column, an even number. */
export const panelsOf = (vectors: Wat): Wat => div(add(vectors, WIDEST - 1), WIDEST);

/** Half the width, in vectors, of the first of `panels` that share `vectors`; none is wider than the one before it. */
export const halfOf = (vectors: Wat, panels: Wat): Wat => div(sub(add(shr(vectors, 1), panels), i32(1)), panels);

/** Copies a matrix into its rows of a packed product. */
export function packFunction(lanes: Lanes): Wat[] {
  const { bytes, count: lanesPerVector } = lanes;
  const load = bytes === 4 ? 'i32.load' : 'i64.load';
  const store = bytes === 4 ? 'i32.store' : 'i64.store';
  const inPanelsOf = (width: Wat, vector: Wat, before: Wat): Wat[] => [
    set('width', width),
    set('first', add(before, mul(div(vector, get('width')), get('width')))),
  ];
  const comment =
    'Copies a matrix of `rows` × `columns`, row-major, to the packed rows from `row` on of W, which has `vectors` in all.';
  return define({ name: 'pack', comment, parameters: ['matrix', 'rows', 'columns', 'W', 'row', 'vectors'] }, [
    set('panels', panelsOf(get('vectors'))),
    set('wide', shl(halfOf(get('vectors'), get('panels')), 1)),
    ';; As many of the first panels are two vectors wider than the others as it takes.',
    set('narrow', sub(get('wide'), i32(2))),
    set('in_wide', mul(shr(sub(get('vectors'), mul(get('panels'), get('narrow'))), 1), get('wide'))),
    set('end', add(get('row'), get('rows'))),
    repeat(
      'next_row',
      [
        set('vector', shr(get('row'), Math.log2(lanesPerVector))),
        when(
          below(get('vector'), get('in_wide')),
          inPanelsOf(get('wide'), get('vector'), i32(0)),
          inPanelsOf(get('narrow'), sub(get('vector'), get('in_wide')), get('in_wide')),
        ),
        set(
          'to',
          add(
            add(get('W'), bytesOf(lanes, mul(get('first'), get('columns')))),
            add(bytesOf(lanes, sub(get('vector'), get('first'))), mul(and(get('row'), lanesPerVector - 1), bytes)),
          ),
        ),
        set('k', get('columns')),
        repeat(
          'next_column',
          [
            [store, get('to'), [load, get('matrix')]],
            advance('matrix', bytes),
            advance('to', bytesOf(lanes, get('width'))),
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
