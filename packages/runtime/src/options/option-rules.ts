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

/** An integer above 0, and at most `most`, in torch's words for the option that it calls `torch`. */
export const positive = (torch: string, fallback?: number, most?: number): Rule => ({
  fallback,
  accepts: (value) => Number.isSafeInteger(value) && (value as number) > 0 && !((value as number) > most!),
  expected: `a positive integer${most ? ` up to ${most}` : ''}`,
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

/** What is checked later, but read with the other options, as a second time it may be something else. */
export const anything = (names: readonly string[]): Rules =>
  Object.fromEntries(names.map((name) => [name, { accepts: () => true, expected: '' }]));

/** Says what an option that is not known was probably meant to be. */
export type OptionHint = (name: string, known: readonly string[]) => string | undefined;

/**
 * The options with defaults filled in. Each is read once.
 *
 * @param where  the start of an error message, e.g. `GRU.create`
 * @param more   names that are known besides the rules'
 * @param hint   says what was meant by a name that is not known, where there is room for that
 * @throws CONGRUENT_OPTION when an option is unknown, missing or out of range
 */
export function resolve(
  where: string,
  rules: Rules,
  given: unknown,
  more: readonly string[] = [],
  hint: OptionHint = () => '',
): Record<string, unknown> {
  const known = [...Object.keys(rules), ...more];
  const refuse = (problem: string): never => {
    throw new CongruentError('CONGRUENT_OPTION', `${where}: ${problem}.`);
  };
  let options: [string, unknown][] = [];
  let unknown: string | undefined;
  try {
    if (typeof given !== 'object' || Array.isArray(given)) throw given;
    const asked = given as Readonly<Record<string, unknown>>;
    unknown = Object.keys(asked).find((name) => !known.includes(name) && asked[name] !== undefined);
    options = Object.keys(rules).map((name) => [name, asked[name]]);
  } catch {
    // Null and a revoked proxy come here, too.
    refuse(`options must be an object such as { ${known[0]}: … }, got ${describe(given)}`);
  }
  if (unknown !== undefined) {
    refuse(`Unknown option '${unknown}'. ${hint(unknown, known)}All: ${known.join(', ')}`);
  }
  const resolved = options.map(([name, asked]) => {
    const { fallback, accepts, expected, copy, torch } = rules[name]!;
    const value = asked === undefined ? fallback : asked;
    if (!accepts(value)) {
      refuse(`${torch ? `${torch}. ` : ''}Option ${name} must be ${expected}, got ${describe(value)}`);
    }
    return [name, copy?.(value) ?? value];
  });
  return Object.freeze(Object.fromEntries(resolved));
}
