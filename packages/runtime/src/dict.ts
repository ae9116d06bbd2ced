/**
 * What an object has by name, read once; undefined for everything else: null, arrays, a Map (which has no names), promises,
 * and what cannot be read.
 */
export function dictEntries(value: unknown): [string, unknown][] | undefined {
  try {
    return Object.prototype.toString.call(value) === '[object Object]' ? Object.entries(value as object) : undefined;
  } catch {
    return undefined; // a revoked proxy
  }
}

/** A copy of an array, in which holes are undefined; undefined for everything else, such as a revoked proxy. */
export function listOf(value: unknown): unknown[] | undefined {
  try {
    // Longer ones are all holes: there is no memory for their elements.
    return Array.isArray(value) && value.length < 2 ** 27 ? [...value] : undefined;
  } catch {
    return undefined;
  }
}
