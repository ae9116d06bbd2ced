import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { comparisonsIn } from '../src/benchmarks.ts';
import { chartSvg } from '../src/chart-svg.ts';

const markdown = readFileSync(new URL('../benchmarks.md', import.meta.url), 'utf8');

// `npx vitest run test/chart.test.ts --update` draws it anew.
test('the chart of README.md shows what docs/benchmarks.md says', async () => {
  const [step, , bytes] = comparisonsIn(markdown);
  await expect(chartSvg([step!, bytes!])).toMatchFileSnapshot('../pictures/benchmarks.svg');
});

test('every figure is that of its table, from the shortest on', () => {
  for (const { of, bars } of comparisonsIn(markdown)) {
    const [, section] = markdown.split(`\n## ${of}\n`);
    for (const { name, text } of bars) {
      const line = section!.split('\n').find((each) => each.startsWith(`| ${name} |`));
      expect(line).toContain(` ${text} |`);
    }
    expect(bars.map(({ value }) => value)).toEqual(bars.map(({ value }) => value).sort((a, b) => a - b));
    expect(bars.length).toBeGreaterThan(5);
  }
});

test.each([
  ['a table that is missing', markdown.replace('## Bytes that a page loads', '## Bytes'), 'no table below'],
  ['a figure without a unit', markdown.replace('16.4 kB |\n', '16.4 |\n'), 'no time or size'],
])('%s is an error', (_, text, message) => {
  expect(() => comparisonsIn(text)).toThrow(message);
});
