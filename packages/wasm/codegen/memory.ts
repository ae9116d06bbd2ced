import { type Extent, inF64, inI32, product, sum } from './extent.ts';
import { type Piece, sizeOf } from './layout.ts';
import type { Plan } from './plan.ts';
import { add, define, get, set, type Wat } from './wat.ts';

/**
 * Rows of the sequence for which everything that needs no state is computed at a time: enough for the tiles to pay,
 * and few enough for the results to be still in the cache when the steps read them.
 */
export const CHUNK_ROWS = 64;

/** Bytes after the scratch memory that vector loads may touch beyond the last element. */
export const SLACK_BYTES = 64;

/** Rows of the largest chunk: `CHUNK_ROWS`, or a step's rows where they are more, but never more than there are. */
export const chunkRows = (rows: string): Extent => ({
  kind: 'min',
  of: [rows, { kind: 'max', of: [CHUNK_ROWS, 'batch'] }],
});

/** How much memory a caller has to provide. */
export function sizeFunctions(plan: Plan): Wat[] {
  const { dimensions, weights, scratch } = plan.layout;
  return [
    ...define(
      {
        name: 'weights_bytes',
        comment: 'The bytes that `prepare` fills.',
        parameters: dimensions,
        type: 'f64',
        result: 'f64',
        exported: true,
      },
      [inF64(sizeOf(weights))],
    ),
    ...define(
      {
        name: 'scratch_bytes',
        comment: 'Working memory for sequences of `rows` rows, at most `batch` of them in a step.',
        parameters: [...dimensions, 'rows', 'batch'],
        type: 'f64',
        result: 'f64',
        exported: true,
      },
      [
        inF64(
          sum(
            ...scratch.map(({ rowBytes, per }) => product(per === 'chunk' ? chunkRows('rows') : 'batch', rowBytes)),
            SLACK_BYTES,
          ),
        ),
      ],
    ),
  ];
}

/** The addresses of the pieces of the weights. */
export const weightPointers = ({ layout }: Plan): Wat[] => pointersTo(layout.weights, 'weights');

/** The addresses of the scratch arrays, of which those of a chunk have `capacity` rows. */
export function scratchPointers({ layout }: Plan, capacity: string): Wat[] {
  const pieces = layout.scratch.map(({ name, rowBytes, per, comment }): Piece => {
    return { name, bytes: product(per === 'chunk' ? capacity : 'batch', rowBytes), comment };
  });
  return pointersTo(pieces, 'scratch');
}

/** The addresses of pieces that lie one after the other in a region. */
export function pointersTo(pieces: readonly Piece[], region: string): Wat[] {
  return pieces.flatMap(({ name, comment }, index) => {
    const before = pieces[index - 1];
    const at = before ? add(get(before.name), inI32(before.bytes)) : get(region);
    return [`;; ${name}: ${comment}`, set(name, at)];
  });
}
