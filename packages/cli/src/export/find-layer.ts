import { CongruentError, type StoredStateDict } from '@congruent/runtime';

/** The one layer in a file of weights. */
export interface FoundLayer {
  readonly prefix: string;
  /** Its tensors, by their names without the prefix. */
  readonly tensors: StoredStateDict;
}

/**
 * The layer of a cell whose names in a file begin so. Where there is none of exactly this prefix, it is the only one whose
 * prefix begins so.
 *
 * @param file    as messages call it
 * @param cell    as messages call it
 * @param wanted  names of tensors that every such layer has, e.g. `weight_ih_l0`
 * @throws CongruentError EXPORT_WEIGHTS where there is none, or several, which it lists
 */
export function findLayer(
  file: string,
  cell: string,
  wanted: readonly string[],
  tensors: StoredStateDict,
  given: string,
): FoundLayer {
  const names = Object.keys(tensors);
  const prefixes = prefixesOf(wanted[0]!, names).filter((prefix) => prefix.startsWith(given));
  const prefix = prefixes.includes(given) ? given : prefixes[0];
  if (prefix === undefined) throw notFound(file, cell, wanted[0]!, names, given);
  if (prefix !== given && prefixes.length > 1) {
    const found = `${prefixes.length} layers of ${cell}, with these prefixes: ${quoted(prefixes)}`;
    throw new CongruentError('EXPORT_WEIGHTS', `${file} has ${found}. Say which: --prefix ${prefix}`);
  }
  const modules = new Set(wanted.map(moduleOf));
  const own = names.flatMap((name): [string, StoredStateDict[string]][] => {
    const rest = name.slice(prefix.length);
    // What lies in other modules beside or below it belongs to others.
    return name.startsWith(prefix) && modules.has(moduleOf(rest)) ? [[rest, tensors[name]!]] : [];
  });
  return { prefix, tensors: Object.fromEntries(own) };
}

/** `encoder.rnn.` of `encoder.rnn.weight_ih_l0`. */
const moduleOf = (name: string): string => name.slice(0, name.lastIndexOf('.') + 1);

/** What stands before a name, wherever it stands alone or behind a dot. */
const prefixesOf = (wanted: string, names: readonly string[]): readonly string[] =>
  names
    .filter((name) => name === wanted || name.endsWith(`.${wanted}`))
    .map((name) => name.slice(0, name.length - wanted.length));

function notFound(file: string, cell: string, wanted: string, names: readonly string[], given: string): CongruentError {
  const others = prefixesOf(wanted, names);
  const where = given === '' ? '' : ` behind the prefix '${given}'`;
  const problem = `${file} has no layer of ${cell}${where}: no tensor ${given}${wanted}`;
  const some = names.slice(0, 8).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '');
  const remedy =
    others.length > 0
      ? `There are layers behind ${quoted(others)}. Say which: --prefix ${others[0] || "''"}`
      : `It has: ${some || 'nothing'}. Give the cell that these belong to: --cell NAME`;
  return new CongruentError('EXPORT_WEIGHTS', `${problem}. ${remedy}`);
}

const quoted = (prefixes: readonly string[]): string => prefixes.map((prefix) => `'${prefix}'`).join(', ');
