import { type Extent, sum, type View } from '@congruent/codegen';
import { inI32, scaled } from './extent.ts';
import type { Lanes } from './lanes.ts';
import type { Wat } from './wat.ts';

/** The address of the first row of a value. */
export const addressOf = ({ buffer, offset }: View, { bytes }: Lanes): Wat =>
  inI32(sum(buffer.name, scaled(offset, bytes)));

/** The bytes from one row to the next; 0 where all share one. */
export const strideOf = ({ buffer }: View, { bytes }: Lanes): Extent =>
  buffer.rows === 'one' ? 0 : scaled(buffer.width, bytes);

/** A piece of a region of memory, in the order in which the pieces lie. */
export interface Piece {
  readonly name: string;
  readonly bytes: Extent;
  readonly comment: string;
}
