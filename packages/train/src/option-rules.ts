import { describe, type Rule } from '@congruent/runtime';

const isNonNegative = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;

/** A finite number from 0 up, in torch's words for one that is not. */
export const nonNegative = (torch: string, fallback?: number): Rule => ({
  fallback,
  accepts: isNonNegative,
  expected: 'a number ≥ 0',
  torch,
});

/** The learning rate. */
export const rate = (fallback?: number): Rule => nonNegative('Invalid learning rate', fallback);

/** One of these words. */
export const oneOf = (words: readonly string[], fallback: string, torch: string): Rule => ({
  fallback,
  accepts: (value) => words.includes(value as string),
  expected: words.map(describe).join(' or '),
  torch,
});
