import { CongruentError, describe } from '../errors.ts';

/** What one option may be. */
export interface Rule {
  /** The value where none is given; absent for a required option. */
  readonly fallback?: unknown;
  accepts(value: unknown): boolean;
  readonly expected: string;
  /** A copy of what the caller may change later. */
  copy?(value: unknown): unknown;
  /** torch's message for the same mistake, where it has one. */
  readonly torch?: string;
}

export type Rules = Readonly<Record<string, Rule>>;

/** An integer above 0, in torch's words for the option that it calls `torch`. */
export const positive = (torch: string, fallback?: number): Rule => ({
  fallback,
  accepts: (value) => Number.isSafeInteger(value) && (value as number) > 0,
  expected: 'a positive integer',
  torch: `${torch} must be greater than zero`,
});

/** True or false. */
export const flag = (fallback: boolean): Rule => ({
  fallback,
  accepts: (value) => typeof value === 'boolean',
  expected: 'true or false',
});

/** A string. */
export const TEXT: Rule = { fallback: '', accepts: (value) => typeof value === 'string', expected: 'a string' };

/**
 * The options with defaults filled in.
 *
 * @param where  the start of an error message, e.g. `GRU.create`
 * @param more   names that are known besides the rules'
 * @throws CONGRUENT_OPTION when an option is unknown, missing or out of range
 */
export function resolve(
  where: string,
  rules: Rules,
  given: unknown,
  more: readonly string[] = [],
): Record<string, unknown> {
  checkNames(where, given, [...Object.keys(rules), ...more]);
  const values = given as Readonly<Record<string, unknown>>;
  const resolved = Object.entries(rules).map(([name, rule]) => {
    const value = values[name] === undefined ? rule.fallback : values[name];
    if (!rule.accepts(value)) {
      const torch = rule.torch === undefined ? '' : `${rule.torch}. `;
      throw new CongruentError(
        'CONGRUENT_OPTION',
        `${where}: ${torch}Option ${name} must be ${rule.expected}, got ${describe(value)}.`,
      );
    }
    return [name, rule.copy?.(value) ?? value];
  });
  return Object.freeze(Object.fromEntries(resolved));
}

/** Refuses what is not an options object, or has a name that is not known, naming the nearest. */
function checkNames(where: string, given: unknown, known: readonly string[]): void {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new CongruentError(
      'CONGRUENT_OPTION',
      `${where}: options must be an object such as { ${known[0]}: … }, got ${describe(given)}.`,
    );
  }
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const torch =
    unknown === 'proj_size' || unknown === 'projSize'
      ? 'proj_size argument is only supported for LSTM, not RNN or GRU. '
      : '';
  const nearest = known.toSorted((a, b) => likeness(unknown, b) - likeness(unknown, a))[0];
  throw new CongruentError(
    'CONGRUENT_OPTION',
    `${where}: ${torch}Unknown option '${unknown}'. The nearest known one is '${nearest}'; all: ${known.join(', ')}.`,
  );
}

/** How many pairs of neighbouring letters of one name, and its first, are in another; case and underscores do not count. */
function likeness(a: string, b: string): number {
  const [from, to] = [a, b].map((name) => ` ${name.toLowerCase().replaceAll('_', '')}`) as [string, string];
  return [...from].filter((_, at) => at > 0 && to.includes(from.slice(at - 1, at + 1))).length;
}
