import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defineCell, specErrorCodes } from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The first code block of a language. */
const block = (language: string): string => readme.split(`\`\`\`${language}\n`)[1]!.split('```\n')[0]!;

test("the README's cell has the parameters that the README says", () => {
  const example = block('js');
  const average = defineCell(example.split('cell`')[1]!.split('`')[0]!);
  const parameters = average.parameters.map(({ name, shape }) => `${name} [${shape.join(', ')}]`);
  expect(example).toContain(`average.parameters; // ${parameters.join(', ')}`);
});

test("the README's error message is the one that is thrown", () => {
  const [, message] = /```text\n(SPEC_.*?)\n```/s.exec(readme)!;
  expect(() => defineCell("c(x[I], h[H]) -> h'\nh' = h + x")).toThrow(expect.objectContaining({ message }));
});

test('the README lists every error code, in order', () => {
  expect([...readme.matchAll(/^\| `(SPEC_\w+)` \|/gm)].map(([, code]) => code)).toEqual(specErrorCodes);
});
