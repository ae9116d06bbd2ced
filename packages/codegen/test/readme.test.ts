import { readdirSync, readFileSync } from 'node:fs';
import { defineCell } from '@congruent/spec';
import { expect, test } from 'vitest';
import { compile, float64, interpreter, planFor, printAdjoint, printPlan, printSchedule } from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/^```js\n([^`]*cell`[^`]*`[^`]*)^```$/gm)].map(([, code]) => code!);
const programs = blocks.map((code) => compile(defineCell(/cell`([^`]*)`/.exec(code)![1]!)));
const [schedule, backwards, memory] = blocks;

/** Text as the comment that a block has below a line. */
const comment = (text: string): string => text.replaceAll(/^/gm, '// ');

test('the README says what each folder is for', () => {
  const listed = [...readme.matchAll(/^\| \[`(\w+)`\]\(src\/\1\) \|/gm)].map(([, folder]) => folder);
  const entries = readdirSync(new URL('../src', import.meta.url), { withFileTypes: true });
  expect([...listed].sort()).toEqual(
    entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort(),
  );
});

test("the README's schedule, backward pass and plan are those of its cells", () => {
  expect(blocks).toHaveLength(3);
  expect(schedule).toContain(`\n${comment(printSchedule(programs[0]!.forward))}\n\n`);
  expect(backwards).toContain(`\n${comment(printAdjoint(programs[1]!))}\nconst`);
  const { forward } = planFor(programs[2]!, { reserved: new Set() }, 'float32');
  expect(memory).toBe(`${memory!.split('\n// ')[0]}\n${comment(printPlan(forward))}\n`);
});

test("the README's numbers are the interpreter's", () => {
  const { forward } = interpreter(programs[0]!, float64, { a: [0.5, 0.75] });
  expect(schedule).toContain('{ a: [0.5, 0.75] }');
  expect(schedule).toContain('forward({ x: [1, 1], h: [0, 0] }).states); // { h: [ 0.5, 0.25 ] }');
  expect(forward({ x: [1, 1], h: [0, 0] }).states).toEqual({ h: [0.5, 0.25] });

  const { backward, gradients } = interpreter(programs[1]!, float64, { a: [0.5, 0.75] });
  const { residuals } = forward({ x: [1, 1], h: [0, 0] });
  const { states, inputs, row } = backward(residuals, { "h'": [1, 1] }, { h: [0, 0] });
  expect(backwards).toContain('// { h: [ 0.5, 0.75 ] } { x: [ 0.5, 0.25 ] } { a: [ -1, -1 ] }');
  expect([states, inputs, gradients([row])]).toEqual([{ h: [0.5, 0.75] }, { x: [0.5, 0.25] }, { a: [-1, -1] }]);
});
