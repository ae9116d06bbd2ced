import { describe, expect, test } from 'vitest';
import { defineCell, SpecError } from '../src/index.ts';

const cell = (end: string): string =>
  ['', "average(x[H], h[H]) -> h'   # a name", '', "h' = a * h + x   # the next", 'layout torch', ' w = [a]', ''].join(
    end,
  );

describe.each(['\n', '\r\n', '\r', '\u2028', '\u2029'])('lines that end with %j', (end) => {
  test('are those of the same text with \\n', () => expect(defineCell(cell(end))).toEqual(defineCell(cell('\n'))));

  test('end comments', () => {
    const [equation] = defineCell(cell(end)).equations;
    expect(equation!.comment).toBe('the next');
    expect(() => defineCell(cell(end).replace('# the next', `# the${end}next`))).toThrow(/SPEC_SYNTAX.*4 \| next/s);
  });
});

test('a million blank lines are left out', () => {
  const blank = ' \n'.repeat(1e6);
  expect(defineCell(blank + cell('\n') + blank).source).toBe(defineCell(cell('\n')).source);
});

describe('numbers that are infinite are refused where they stand', () => {
  test.each(['1e999', '1e309', '9'.repeat(400)])('%s', (number) => {
    const define = () => defineCell(`c(x[H], h[H]) -> h'\nh' = h + x * ${number}`);
    expect(define).toThrow(SpecError);
    expect(define).toThrow(`SPEC_SYNTAX: ${number} is infinite: the largest number is 1.7976931348623157e+308`);
    expect(define).toThrow(/2 \| .*\n.*\^\n\nWrite a smaller one\.$/);
  });

  test('the largest number is taken', () =>
    expect(() => defineCell("c(x[H], h[H]) -> h'\nh' = h + x * 1.7976931348623157e308")).not.toThrow());
});
