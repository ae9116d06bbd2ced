import { parseArgs } from 'node:util';

/** Wrong words on the command line. */
export class UsageError extends Error {}

/** What of a command line stands behind the names of its options, and the rest. */
export const parsed: typeof parseArgs = (config) => {
  try {
    return parseArgs(config);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new UsageError(message);
    const known = Object.keys(config?.options ?? {}).map((name) => `--${name}`);
    // Node's second sentence is about words that begin with a dash, of which no command has any.
    throw new UsageError(`${message.split('. ')[0]}. There are: ${known.join(', ')}`);
  }
};

/** The one word that is no option; `what` is it, as the message says. */
export function only(command: string, what: string, words: readonly string[]): string {
  if (words.length === 1) return words[0]!;
  throw new UsageError(`${command} takes ${what}, got ${words.join(' ') || 'none'}`);
}

/** The value of an option that a command cannot do without. */
export function required(command: string, option: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${command} needs --${option}`);
  return value;
}

/** A word of the command line as it is written in one line. */
export const quoted = (word: string): string => (/^[\w@%+=:,./#-]+$/.test(word) ? word : JSON.stringify(word));
