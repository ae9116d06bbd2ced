import { ABREAST } from './elementwise.ts';
import { type Extent, inF64, inI32, product, sum } from './extent.ts';
import { VECTOR_BYTES } from './lanes.ts';
import { type Piece, sizeOf } from './layout.ts';
import type { Plan } from './plan.ts';
import { add, define, get, set, type Wat } from './wat.ts';

/**
 * Rows of the sequence for which everything that needs no state is computed at a time: enough for the tiles to pay,
 * and few enough for the results to be still in the cache when the steps read them.
 */
export const CHUNK_ROWS = 64;

/** Bytes that vector loads may touch beyond the last element; whoever lays out memory leaves them free at its end. */
export const SLACK_BYTES: number = ABREAST * VECTOR_BYTES;

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

/** The scratch arrays, of which those of a chunk have `capacity` rows. */
export const scratchPieces = ({ layout }: Plan, capacity: string): readonly Piece[] =>
  layout.scratch.map(({ name, rowBytes, per, comment }) => {
    return { name, bytes: product(per === 'chunk' ? capacity : 'batch', rowBytes), comment };
  });

/** Code, after the addresses of the pieces that it reads; they lie one after the other in a region. */
export function withPointers(pieces: readonly Piece[], region: string, code: readonly Wat[]): Wat[] {
  const last = pieces.findLastIndex(({ name }) => reads(code, `$${name}`));
  const pointers = pieces.slice(0, last + 1).flatMap(({ name, comment }, index) => {
    const before = pieces[index - 1];
    const at = before ? add(get(before.name), inI32(before.bytes)) : get(region);
    return [`;; ${name}: ${comment}`, set(name, at)];
  });
  return [...pointers, ...code];
}

const reads = (code: Wat, local: string): boolean =>
  typeof code !== 'string' &&
  ((code[0] === 'local.get' && code[1] === local) || code.some((part) => reads(part, local)));
