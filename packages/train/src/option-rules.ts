import { describe, hints, type Rule, type Rules, resolve as resolveRules } from '@congruent/runtime';

/** The options with defaults filled in; a message about an unknown one names the nearest. Throws CONGRUENT_OPTION. */
export const resolve = (where: string, rules: Rules, given: unknown): Record<string, unknown> =>
  resolveRules(where, rules, given, [], hints.option);

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
