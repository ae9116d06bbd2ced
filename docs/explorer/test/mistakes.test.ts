import { expect, test } from 'vitest';
import { cellOfText } from '../src/cell-of-text.ts';
import { mistakeIn } from '../src/compiler/mistake.ts';

/** What of a text is underlined, and the message. */
function underlined(text: string): readonly [string, string] {
  try {
    cellOfText(text);
  } catch (error) {
    const { from, to, message } = mistakeIn(text, error);
    return [text.slice(from, to), message];
  }
  throw new Error('It is a cell.');
}

test.each([
  ['as it is', "c(x[H], h[H]) -> h'\nh' = h + bad"],
  ['indented', "    c(x[H], h[H]) -> h'\n      h' = h + bad"],
  ['after blank lines', "\n  \n\n  c(x[H], h[H]) -> h'\n  h' = h + bad"],
])('underlines the mistake in a text %s', (_, text) => {
  const [marked, message] = underlined(text);
  expect(marked).toBe('bad');
  expect(message).toMatch(/^SPEC_UNDECLARED_NAME: [\s\S]*\^\^\^[\s\S]*\n\n.+/);
});

test('the end of a text that stops too early is a place in it', () => {
  expect(underlined("c(x[H], h[H]) -> h'\nh' = h +")[0]).toBe('');
});

test('what is no mistake of the notation is said of the whole text', () => {
  expect(mistakeIn('abc', new TypeError('not yet'))).toEqual({ message: 'not yet', from: 0, to: 3 });
});
