import { expect, test } from 'vitest';
import { bracketAt } from '../src/page/brackets.ts';
import { placesIn, tokensIn } from '../src/page/notation.ts';

/** The names and the lines of equations, as text with the number of their value. */
function shown(
  text: string,
  named: Readonly<Record<string, number>>,
): Readonly<Record<'names' | 'lines', readonly string[]>> {
  const { names, lines } = placesIn(text, named);
  const print = ({ from, to, value }: (typeof names)[number]): string => `${text.slice(from, to)}:${value}`;
  return { names: names.map(print), lines: lines.map(print) };
}

test('names are values where they are no functions, sizes, comments or calls', () => {
  const named = { x: 0, h: 1, "h'": 2, H: 3, tanh: 4, gru: 5 };
  const { names } = shown("c(x[H], h[H]) -> h'\nh' = tanh(x) + ${gru}(h) # x", named);
  expect(names).toEqual(['x:0', 'h:1', "h':2", "h':2", 'x:0', 'h:1']);
});

test('an equation is its line and those that go on with it, up to the layouts', () => {
  const text = "c(x[H]) -> h'\n\nr[H] = x\n  + x\n\nh' = r\nlayout p\n r = [r]";
  expect(shown(text, { x: 0, r: 1, "h'": 2 }).lines).toEqual(['r[H] = x:1', '  + x:1', "h' = r:2"]);
});

test('in a layout a name before = is that of a tensor', () => {
  expect(shown('layout p\n W = [W]  b=[b]', { W: 0, b: 1 }).names).toEqual(['W:0', 'b:1']);
  expect(placesIn('layout p\n W = [W]', { W: 0 }).names).toEqual([{ from: 15, to: 16, value: 0 }]);
});

test('names of objects are no values', () => {
  expect(shown('constructor = toString', {})).toEqual({ names: [], lines: [] });
});

test('comments, calls of cells and the word layout have looks of their own', () => {
  const text = "c(x) -> h' # layout\nh' = ${gru}(x)\nlayout p_layout";
  const shown = tokensIn(text).map(({ from, to, kind }) => `${kind}: ${text.slice(from, to)}`);
  expect(shown).toEqual(['comment: # layout', 'call: ${gru}', 'keyword: layout']);
});

test.each([
  ['before the cursor', '(a[0])', 6, { at: 5, partner: 0 }],
  ['behind it', 'f(a)', 1, { at: 1, partner: 3 }],
  ['within others', '((a)[b])', 5, { at: 4, partner: 6 }],
  ['without a partner', '(a', 1, { at: 0, partner: undefined }],
  ['of another kind', '(a]', 3, { at: 2, partner: undefined }],
  ['beyond a comment', '(a # )\n)', 1, { at: 0, partner: 7 }],
  ['in a comment', '# (a)', 3, undefined],
  ['somewhere else', '(ab)', 2, undefined],
])('a bracket %s', (_, text, offset, bracket) => {
  expect(bracketAt(text, offset)).toEqual(bracket);
});
