// Layers take and give a single value as it is, and several by name. Here names come from a reader's text, so that no type
// knows which of the two it is.

/** Values, one for each name, as a layer takes them. */
export const given = <T>(names: readonly string[], values: readonly T[]): Record<string, T> =>
  names.length === 1
    ? (values[0] as Record<string, T>)
    : Object.fromEntries(names.map((name, i) => [name, values[i]!]));

/** What a layer gave, one value for each name. */
export const taken = <T>(names: readonly string[], value: Readonly<Record<string, T>>): readonly T[] =>
  names.length === 1 ? [value as T] : names.map((name) => value[name]!);
