import { expect } from 'vitest';
import { CongruentError, type ErrorCode, type Mode } from '../src/index.ts';

/** Runs what must fail, now or by a rejected promise, and checks the code and that the message has each text. */
export async function expectCode(act: () => unknown, code: ErrorCode, ...texts: readonly string[]): Promise<void> {
  let error: unknown;
  try {
    await act();
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(CongruentError);
  expect((error as CongruentError).code).toBe(code);
  for (const text of texts) expect((error as CongruentError).message).toContain(text);
}

/** The same for a method that in mode `async` must never throw: bad input rejects its promise. */
export async function expectRefusal(
  mode: Mode,
  act: () => unknown,
  code: ErrorCode,
  ...texts: readonly string[]
): Promise<void> {
  let reply: unknown;
  const start = (): unknown => {
    reply = act();
    return reply;
  };
  const settled = expectCode(start, code, ...texts);
  expect(reply instanceof Promise).toBe(mode === 'async');
  await settled;
}
