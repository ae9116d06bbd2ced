import type { ErrorCode } from '@congruent/runtime';
import { expect } from '../expect/expect.ts';
import type { Subject } from '../subject/subject.ts';

/**
 * Expects `attempt` to throw, or to reject, with this code and these words.
 *
 * @param words  parts the message must contain; torch's own wording where it has one
 */
export async function expectRefusal(
  subject: Subject,
  code: ErrorCode,
  words: string | readonly string[],
  attempt: () => unknown,
): Promise<void> {
  let error: unknown;
  try {
    await attempt();
  } catch (thrown) {
    error = thrown;
  }
  expect(error !== undefined, `expected ${code}, but nothing was thrown`);
  const { message } = error as Error;
  expect(error instanceof subject.CongruentError, `expected a CongruentError ${code}, got: ${message ?? error}`);
  expect(error.code === code, `expected ${code}, got ${error.code}: ${message}`);
  for (const part of typeof words === 'string' ? [words] : words) {
    expect(message.includes(part), `${code}: expected a message with "${part}", got: ${message}`);
  }
}
