import { expect, test } from 'vitest';
import { residualsOf } from '../src/residuals.ts';
import { summarize } from '../src/statistics.ts';
import { partCells, workTable } from '../src/table.ts';
import { workCalled } from '../src/works.ts';

const work = workCalled('training-16-32-8-64');
const of = (microseconds: number) => summarize([microseconds]);
const parts = { forward: of(1000), recording: of(1250), backward: of(2000) };
const times = [
  { name: 'backend', microseconds: of(3250), parts },
  { name: 'peer', microseconds: of(5000) },
];

test('parts are listed for those who have them, with how much longer backward takes', () => {
  expect(partCells({ work, reading: 1, times })).toEqual([
    ['', 'forward', 'recording', 'backward', 'backward ÷ forward'],
    ['backend', '1.00 ms', '1.25 ms', '2.00 ms', '2.00'],
  ]);
  expect(partCells({ work, reading: 1, times: times.slice(1) })).toEqual([]);
});

test('the table of a training row says what is kept, that of another row does not', () => {
  const residuals = 'residuals: x, h, r, z, u_n, n; 328 numbers of each row of a step';
  expect(workTable({ work, reading: 1, times, residuals: residualsOf(work) })).toContain(residuals);
  expect(workTable({ work, reading: 1, times })).not.toContain('residuals');
});
