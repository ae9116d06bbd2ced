import { readdirSync, readFileSync } from 'node:fs';
import { defineCell } from '@congruent/spec';
import { expect, test } from 'vitest';
import { compile, float64, interpreter } from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the README says what each source file does', () => {
  const listed = [...readme.matchAll(/^\| `([\w-]+\.ts)` \|/gm)].map(([, file]) => file);
  expect([...listed].sort()).toEqual(readdirSync(new URL('../src', import.meta.url)).sort());
});

test("the README's example gives the numbers that it says", () => {
  const [, text] = /compile\(cell`([^`]*)`\)/.exec(readme)!;
  const [, parameters] = /float64, \{ a: (\[.*?\]) \}/.exec(readme)!;
  const [, x, h, next] = /step\(\{ x: (\[.*?\]), h: (\[.*?\]) \}\); \/\/ \{ h: (\[.*?\]) \}/.exec(readme)!;
  const vector = (json: string | undefined): readonly number[] => JSON.parse(json!) as readonly number[];
  const { step } = interpreter(compile(defineCell(text!)), float64, { a: vector(parameters) });
  expect(step({ x: vector(x), h: vector(h) })).toEqual({ h: vector(next) });
});
