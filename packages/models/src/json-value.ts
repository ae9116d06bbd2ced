import { decodeUTF8 } from '@congruent/runtime';

/** Levels that the JSON of a model has at most; what reads it may call itself for each. */
const LEVELS = 200;

/**
 * What a JSON text says.
 *
 * @param text  its bytes are UTF-8, which may begin with the mark that editors of Windows put there
 * @throws SyntaxError where it is no JSON, or nested deeper than any model; TypeError where it is no UTF-8
 */
export function jsonValue(text: string | Uint8Array): unknown {
  const decoded = typeof text === 'string' ? text : decodeUTF8(text);
  const value: unknown = JSON.parse(decoded.replace(/^\ufeff/, ''));
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > LEVELS) throw new SyntaxError(`nested deeper than ${LEVELS} levels`);
    level = level.flatMap((each) => Object.values(each ?? {}).filter((inner) => typeof inner === 'object'));
  }
  return value;
}
