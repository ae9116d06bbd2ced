import type { StoredTensor } from '@congruent/runtime';
import { formatError } from '../errors.ts';

/** A tensor of numbers that are printed in decimal, each rounded to float32. */
export type PrintedTensor = StoredTensor & { readonly data: Float32Array };

/** An object of a JSON file. */
export type JSONObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JSONObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** More than any tensor of a network has. */
const MOST_DIMENSIONS = 8;

const REMEDY = 'Write each tensor as lists of numbers, all of one length at each level';

/**
 * A tensor that a JSON file has as nested lists, row-major; a number alone has the shape [].
 *
 * @param kind   what the file is, for messages
 * @param place  where in the file
 * @throws MODEL_FORMAT where rows have different lengths, or something is no number that float32 holds
 */
export function tensorOfLists(kind: string, place: string, lists: unknown): PrintedTensor {
  const shape = shapeOf(lists);
  if (shape.length > MOST_DIMENSIONS)
    throw formatError(kind, place, `lists are nested more than ${MOST_DIMENSIONS} deep`, REMEDY);
  check(kind, place, lists, shape, '');
  // Only what was checked is as large as its shape says.
  const numbers = (shape.length === 0 ? [lists] : (lists as unknown[]).flat(shape.length - 1)) as number[];
  return { data: Float32Array.from(numbers), shape, dtype: 'float32' };
}

/** The lengths of the first list of each level, one more than are allowed where it is nested deeper. */
function shapeOf(lists: unknown): readonly number[] {
  const shape: number[] = [];
  for (let list = lists; Array.isArray(list) && shape.length <= MOST_DIMENSIONS; list = list[0])
    shape.push(list.length);
  return shape;
}

/** Whether lists have a shape. */
function check(kind: string, place: string, lists: unknown, shape: readonly number[], at: string): void {
  const where = at === '' ? place : `${place} at ${at}`;
  const [length, ...inner] = shape;
  if (length === undefined) {
    if (typeof lists === 'number' && Number.isFinite(Math.fround(lists))) return;
    throw formatError(kind, where, `${typeName(lists)} where a number of float32 is expected`, REMEDY);
  }
  if (!Array.isArray(lists))
    throw formatError(kind, where, `${typeName(lists)} where a list of ${length} is expected`, REMEDY);
  if (lists.length !== length) {
    const problem = `a list of ${lists.length} beside one of ${length}`;
    throw formatError(kind, where, problem, REMEDY);
  }
  for (let i = 0; i < length; i++) check(kind, place, lists[i], inner, `${at}[${i}]`);
}

/** What something of a JSON file is, in a few words. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'number') return `the number ${value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
