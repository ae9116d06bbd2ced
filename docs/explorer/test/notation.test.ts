import { expect, test } from 'vitest';
import { placesIn } from '../src/page/notation.ts';

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
