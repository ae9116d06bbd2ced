import type { Extent } from '@congruent/codegen';

/** The memory that a function works in: a struct with the lengths of the dimensions, and where every buffer lies. */
export const member = (name: string): string => `m->${name}`;

const CALLS = { up: 'up', min: 'least', max: 'most' } as const;

/** A number of elements in C. */
export function inC(extent: Extent): string {
  if (typeof extent === 'number') return `${extent}`;
  if (typeof extent === 'string') return member(extent);
  if (extent.kind === 'up') return `${CALLS.up}(${inC(extent.of)}, ${extent.to})`;
  const parts = extent.of.map(inC);
  if (extent.kind === 'sum') return parts.join(' + ');
  if (extent.kind === 'product') return parts.map((part, at) => asFactor(part, extent.of[at]!)).join(' * ');
  return `${CALLS[extent.kind]}(${parts.join(', ')})`;
}

const asFactor = (text: string, extent: Extent): string =>
  typeof extent === 'object' && extent.kind === 'sum' ? `(${text})` : text;

/** So many times something. */
export const times = (factor: string, extent: Extent): string =>
  factor === '1' ? inC(extent) : `${factor} * ${asFactor(inC(extent), extent)}`;
