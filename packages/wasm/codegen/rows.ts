import { SUM_BLOCK } from '@congruent/codegen';
import type { Lanes } from './lanes.ts';
import { bytesOf, halfOf, panelsOf } from './panels.ts';
import { storeUpTo } from './store.ts';
import {
  add,
  advance,
  atLeast,
  below,
  define,
  get,
  i32,
  min,
  mul,
  repeat,
  set,
  shl,
  sub,
  type Wat,
  when,
} from './wat.ts';

/** What the backward pass does with rows beside products: packs, transposes, adds up and copies them. */
export const rowFunctions = (lanes: Lanes): Wat[][] => [packRows(lanes), transpose(lanes), sumRows(lanes), copyRows()];

/** Vectors that go through `sum_rows` side by side, as each addition waits for the one before. */
const ABREAST = 4;

/** A vector, or its first bytes where fewer than a vector's are left. */
const store = ({ store: word, vectorBytes }: Lanes, at: Wat, value: Wat, left: Wat): Wat =>
  when(atLeast(left, vectorBytes), [[word, at, value]], [storeUpTo(at, value, left)]);

/** Copies a matrix, transposed, into its columns of a packed product: each of its rows is a column there. */
function packRows(lanes: Lanes): Wat[] {
  const comment =
    'Copies the rows, `stride` bytes apart, of a matrix of `rows` × `columns` to the columns from `column` on of W, which\n' +
    'has `all` columns of `vectors` vectors. The lanes that fill up a panel are left as they are.';
  const parameters = ['matrix', 'rows', 'columns', 'stride', 'W', 'column', 'all', 'vectors'];
  return define({ name: 'pack_rows', comment, parameters }, [
    set('panels', panelsOf(get('vectors'))),
    set('left', mul(get('columns'), lanes.bytes)),
    repeat(
      'panel',
      [
        set('width', shl(halfOf(get('vectors'), get('panels')), 1)),
        set('used', min(get('left'), bytesOf(lanes, get('width')))),
        set('from', get('matrix')),
        set('to', add(get('W'), mul(get('column'), bytesOf(lanes, get('width'))))),
        set('row', get('rows')),
        repeat(
          'next_row',
          [
            set('j', i32(0)),
            repeat(
              'elements',
              [
                store(
                  lanes,
                  add(get('to'), get('j')),
                  [lanes.load, add(get('from'), get('j'))],
                  sub(get('used'), get('j')),
                ),
                advance('j', lanes.vectorBytes),
              ],
              below(get('j'), get('used')),
            ),
            advance('from', get('stride')),
            advance('to', bytesOf(lanes, get('width'))),
            set('row', sub(get('row'), i32(1))),
          ],
          get('row'),
        ),
        advance('W', mul(get('all'), bytesOf(lanes, get('width')))),
        advance('matrix', get('used')),
        set('left', sub(get('left'), get('used'))),
        set('vectors', sub(get('vectors'), get('width'))),
        set('panels', sub(get('panels'), i32(1))),
      ],
      get('panels'),
    ),
  ]);
}

/** As many rows as a block of the sum has at most, transposed in squares of vectors. */
function transpose({ bytes, count, load, store, vectorBytes }: Lanes): Wat[] {
  const all = <T>(make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
  const shuffle = (high: boolean, left: string, right: string): Wat => {
    const half = high ? vectorBytes / 2 : 0;
    const pair = (lane: number, from: number): string[] =>
      Array.from({ length: bytes }, (_, byte) => `${from + half + lane * bytes + byte}`);
    const order = Array.from({ length: count / 2 }, (_, lane) => [...pair(lane, 0), ...pair(lane, vectorBytes)]);
    return ['i8x16.shuffle', ...order.flat(), get(left), get(right)];
  };
  // Interleaving the first half of the vectors with the second, as often as halves have halves, transposes them.
  const rounds: Wat[] = [];
  let names = all((index) => `row_${index}`);
  for (let round = 1; 2 ** round <= count; round++) {
    const before = names;
    names = all((index) => `${'abcd'[round - 1]}_${index}`);
    for (const [index, name] of names.entries()) {
      const left = index >> 1;
      rounds.push(set(name, shuffle(index % 2 === 1, before[left]!, before[left + count / 2]!)));
    }
  }
  const comment =
    `to[j, row] = from[row, j] for \`rows\` rows, \`stride\` bytes apart, of \`columns\` elements; each row of \`to\` has room for\n` +
    `${SUM_BLOCK}. Rows and columns are filled up to whole vectors: up to ${count - 1} rows after the last one are overwritten.`;
  return define({ name: 'transpose', comment, parameters: ['from', 'rows', 'stride', 'columns', 'to'] }, [
    set('last', add(get('from'), mul(sub(get('rows'), i32(1)), get('stride')))),
    set('end', add(get('to'), mul(get('columns'), SUM_BLOCK * bytes))),
    repeat(
      'next_columns',
      [
        set('at', get('from')),
        set('out', get('to')),
        set('row', i32(0)),
        repeat(
          'next_rows',
          [
            ...all((index) => [
              set(`row_${index}`, [load, get('at')]),
              ';; Behind the last row the last one again.',
              set('at', min(add(get('at'), get('stride')), get('last'))),
            ]).flat(),
            ...rounds,
            ...names.map((name, index) => [store, `offset=${index * SUM_BLOCK * bytes}`, get('out'), get(name)]),
            advance('out', vectorBytes),
            advance('row', count),
          ],
          below(get('row'), get('rows')),
        ),
        advance('from', vectorBytes),
        advance('last', vectorBytes),
        advance('to', count * SUM_BLOCK * bytes),
      ],
      below(get('to'), get('end')),
    ),
  ]);
}

/** The sum over all rows, in the order of every sum. */
function sumRows(lanes: Lanes): Wat[] {
  const all = (make: (index: number) => Wat): Wat[] => Array.from({ length: ABREAST }, (_, index) => make(index));
  const zeros = (name: string): Wat[] => all((index) => set(`${name}_${index}`, lanes.constant(0)));
  const at = (index: number): Wat => i32(index * lanes.vectorBytes);
  const addTo = (name: string, index: number, value: Wat): Wat =>
    set(`${name}_${index}`, lanes.add(get(`${name}_${index}`), value));
  const comment =
    'out[j] = Σ_row from[row, j] for `rows` rows, `stride` bytes apart, of `columns` elements: sums of 64 from the first,\n' +
    'added from the first.';
  return define({ name: 'sum_rows', comment, parameters: ['from', 'rows', 'stride', 'columns', 'out'] }, [
    set('left', mul(get('columns'), lanes.bytes)),
    repeat(
      'next_columns',
      [
        ...zeros('total'),
        set('at', get('from')),
        set('row', i32(0)),
        repeat(
          'block',
          [
            ...zeros('sum'),
            set('end', min(add(get('row'), SUM_BLOCK), get('rows'))),
            repeat(
              'next_row',
              [
                ...all((index) => addTo('sum', index, [lanes.load, `offset=${index * lanes.vectorBytes}`, get('at')])),
                advance('at', get('stride')),
                advance('row', 1),
              ],
              below(get('row'), get('end')),
            ),
            ...all((index) => addTo('total', index, get(`sum_${index}`))),
          ],
          below(get('row'), get('rows')),
        ),
        ...all((index) => storeUpTo(add(get('out'), at(index)), get(`total_${index}`), sub(get('left'), at(index)))),
        advance('from', ABREAST * lanes.vectorBytes),
        advance('out', ABREAST * lanes.vectorBytes),
        set('left', sub(get('left'), i32(ABREAST * lanes.vectorBytes))),
      ],
      ['i32.gt_s', get('left'), i32(0)],
    ),
  ]);
}

function copyRows(): Wat[] {
  const comment = 'Copies `rows` rows of `bytes` bytes, `stride` apart, to rows without gaps.';
  return define({ name: 'copy_rows', comment, parameters: ['from', 'rows', 'stride', 'bytes', 'to'] }, [
    repeat(
      'next_row',
      [
        ['memory.copy', get('to'), get('from'), get('bytes')],
        advance('from', get('stride')),
        advance('to', get('bytes')),
        set('rows', sub(get('rows'), i32(1))),
      ],
      get('rows'),
    ),
  ]);
}
