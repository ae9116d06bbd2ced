import { readFileSync } from 'node:fs';
import { CongruentError } from '@congruent/runtime';
import { SpecError } from '@congruent/spec';
import { workspace } from '../workspace.ts';

/** What a call came to: a result, or a refusal with a documented code. */
export type Outcome<T> =
  | { readonly value: T; readonly refused?: undefined }
  | { readonly value?: undefined; readonly refused: string };

/** The headings of docs/errors.md, and the table in the README of the notation. */
const documented: ReadonlySet<string> = new Set(
  [
    ...readFileSync(new URL('docs/errors.md', workspace), 'utf8').matchAll(/^## ([A-Z_]+)$/gm),
    ...readFileSync(new URL('packages/spec/README.md', workspace), 'utf8').matchAll(/^\| `(SPEC_[A-Z_]+)` \|/gm),
  ].map(([, code]) => code!),
);

/** Characters of a message: it says where, what, and what to do, and what it quotes may be of any length. */
const LONGEST_MESSAGE = 2000;

/**
 * Runs a call that is documented.
 *
 * @throws where it throws anything but an error of ours with a documented code and a bounded message
 */
export function outcomeOf<T>(call: () => T): Outcome<T> {
  try {
    return { value: call() };
  } catch (error) {
    return { refused: codeOf(error) };
  }
}

/** The same of a call that may answer with a promise. */
export async function settled<T>(call: () => T): Promise<Outcome<Awaited<T>>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { refused: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof CongruentError || error instanceof SpecError)) {
    throw new Error(`a foreign error: ${textOf(error)}`, { cause: error });
  }
  const { code, message } = error;
  if (!documented.has(code)) throw new Error(`no heading for the code ${code}`);
  if (!message.startsWith(`${code}: `)) throw new Error(`a message that does not begin with its code: ${message}`);
  if (message.length > LONGEST_MESSAGE) {
    throw new Error(`a message of ${message.length} characters: ${message.slice(0, 200)} …`);
  }
  return code;
}

/** Anything can be thrown. */
function textOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.stack}` : String(error);
  } catch {
    return 'one that has no text';
  }
}
