import { type CellSignature, dimensionNames } from '@congruent/runtime';

/** Features of an input, and units of everything else, where the reader chooses nothing. */
const [FEATURES, UNITS] = [4, 8];

/** The most that can be looked at. */
export const MOST = 128;

/** Sizes for all dimensions of a cell: those that are given, and for the others the usual. */
export function withUsual(
  signature: CellSignature,
  given: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const inStates = new Set(signature.states.flatMap(({ shape }) => shape));
  const inInputs = new Set(signature.inputs.flatMap(({ shape }) => shape));
  const usual = (name: string): number => (inInputs.has(name) && !inStates.has(name) ? FEATURES : UNITS);
  return Object.fromEntries(dimensionNames(signature).map((name) => [name, given[name] ?? usual(name)]));
}

/** Sizes as the address has them, `H-16-I-4`; what is none is left out. */
export function sizesIn(text: string | undefined): Readonly<Record<string, number>> {
  const pairs = [...(text ?? '').matchAll(/([A-Za-z][\w.]*)-(\d{1,4})(?=-|$)/g)];
  return Object.fromEntries(pairs.map(([, name, size]) => [name!, sizeOf(Number(size))]));
}

export const textOfSizes = (sizes: Readonly<Record<string, number>>): string | undefined =>
  Object.entries(sizes).flat().join('-') || undefined;

/** A size that a reader gave, within bounds. */
export const sizeOf = (value: number): number => Math.min(MOST, Math.max(1, Math.round(value) || 1));
