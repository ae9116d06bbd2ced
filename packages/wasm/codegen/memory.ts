import { type Buffer, type Extent, type Plan, product, type Rows, sum, up } from '@congruent/codegen';
import type { Piece } from './address.ts';
import { inF64, inI32, scaled } from './extent.ts';
import { type Lanes, VECTOR_BYTES } from './lanes.ts';
import { ABREAST } from './map.ts';
import { workspacesOf } from './reduce.ts';
import { define, set, type Wat } from './wat.ts';

/**
 * Rows of the sequence that phases without a loop over time take at a time: enough for the tiles to pay, and few enough for
 * the results to be still in the cache when the steps read them.
 */
const CHUNK_ROWS = 64;

/**
 * Bytes that the vector loads of a step may touch beyond the last element; whoever lays out memory leaves them free at its
 * end. Those of sums over rows touch more, which the heap of the runtime leaves.
 */
export const SLACK_BYTES: number = ABREAST * VECTOR_BYTES;

/** Rows of the largest chunk: `CHUNK_ROWS`, or a step's rows where they are more, but never more than there are. */
export const CAPACITY: Extent = { kind: 'min', of: ['rows', { kind: 'max', of: [CHUNK_ROWS, 'batch'] }] };

export const weightPieces = ({ weights }: Plan, lanes: Lanes): readonly Piece[] =>
  weights.map((buffer) => pieceOf(buffer, 1, lanes));

/** The working memory of sequences of `rows` rows, in chunks of `capacity`, at most `batch` in a step. */
export function scratchPieces(plan: Plan, lanes: Lanes, capacity: Extent, rows: Extent = 'rows'): readonly Piece[] {
  const counts: Readonly<Record<Rows, Extent>> = { one: 1, step: 'batch', chunk: capacity, sequence: rows };
  return [...plan.scratch.map((buffer) => pieceOf(buffer, counts[buffer.rows], lanes)), ...workspacesOf(plan, lanes)];
}

/** A buffer, filled up to whole vectors. */
function pieceOf({ name, width, holds }: Buffer, rows: Extent, { bytes }: Lanes): Piece {
  const size = product(rows, scaled(width, bytes));
  return { name, bytes: isAligned(size) ? size : up(size, VECTOR_BYTES), comment: holds };
}

const isAligned = (extent: Extent): boolean =>
  typeof extent === 'object' &&
  (extent.kind === 'product' ? extent.of.some(isAligned) : extent.kind === 'up' && extent.to % VECTOR_BYTES === 0);

/** An exported function that says how much memory a caller has to provide. */
export function sizeFunction(name: string, comment: string, parameters: readonly string[], bytes: Extent): Wat[] {
  const typed = parameters.map((parameter) => ({ name: parameter, type: 'f64' }) as const);
  return define({ name, comment, parameters: typed, result: 'f64', exported: true }, [inF64(bytes)]);
}

export const sizeOf = (pieces: readonly Piece[]): Extent => sum(...pieces.map(({ bytes }) => bytes));

export const scratchSize = (plan: Plan, lanes: Lanes): Extent =>
  sum(sizeOf(scratchPieces(plan, lanes, CAPACITY)), SLACK_BYTES);

/** Code, after the addresses of the pieces that it reads; they lie one after the other in a region. */
export function withPointers(pieces: readonly Piece[], region: string, code: readonly Wat[]): Wat[] {
  const read = localsIn(code);
  let [from, gap]: [string, Extent] = [region, 0];
  const pointers = pieces.flatMap(({ name, bytes, comment }): Wat[] => {
    const at = sum(from, gap);
    [from, gap] = read.has(name) ? [name, bytes] : [from, sum(gap, bytes)];
    return read.has(name) ? [`;; ${name}: ${comment}`, set(name, inI32(at))] : [];
  });
  return [...pointers, ...code];
}

/** The locals that code reads. */
export function localsIn(code: readonly Wat[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: Wat): void => {
    if (typeof node === 'string') return;
    if (node[0] === 'local.get') found.add((node[1] as string).slice(1));
    else for (const part of node) visit(part);
  };
  for (const node of code) visit(node);
  return found;
}
