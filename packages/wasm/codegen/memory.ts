import { type Extent, inF64, inI32, product, sum } from './extent.ts';
import { sizeOf } from './layout.ts';
import type { Plan } from './plan.ts';
import { add, define, get, set, type Wat } from './wat.ts';

/**
 * Rows of the sequence for which everything that needs no state is computed at a time: enough for the tiles to pay,
 * and few enough for the results to be still in the cache when the steps read them.
 */
const CHUNK_ROWS = 64;

/** Bytes after the scratch memory that vector loads may touch beyond the last element. */
const SLACK_BYTES = 64;

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
export function weightPointers(plan: Plan): Wat[] {
  let before: { readonly name: string; readonly bytes: Extent } | undefined;
  return plan.layout.weights.flatMap((piece) => {
    const at = before ? add(get(before.name), inI32(before.bytes)) : get('weights');
    before = piece;
    return [`;; ${piece.name}: ${piece.comment}`, set(piece.name, at)];
  });
}

/** The addresses of the scratch arrays, of which those of a chunk have `capacity` rows. */
export function scratchPointers(plan: Plan, capacity: string): Wat[] {
  let before: { readonly name: string; readonly bytes: Extent } | undefined;
  return plan.layout.scratch.flatMap(({ name, rowBytes, per, comment }) => {
    const at = before ? add(get(before.name), inI32(before.bytes)) : get('scratch');
    before = { name, bytes: product(per === 'chunk' ? capacity : 'batch', rowBytes) };
    return [`;; ${name}: ${comment}`, set(name, at)];
  });
}
