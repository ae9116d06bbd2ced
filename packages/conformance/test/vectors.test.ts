import { float64 } from '@congruent/codegen';
import { expect, test } from 'vitest';
import { oracleOf } from '../src/checks/bits.ts';
import { sequencesOf } from '../src/examples/sequences.ts';
import { recordedBound } from '../src/expect/bounds.ts';
import { expectWithin } from '../src/expect/expect.ts';
import { fill, tensorSeed } from '../src/vectors/fill.ts';
import { decode, isCell, vectors } from '../src/vectors/vectors.ts';

const FLOAT32 = [-0.36242955923080444, -0.2760915160179138, -0.33698171377182007];
const FLOAT64 = [-0.36242951864140494, -0.3369816691413362, 0.4937415019532305];

test('there are at least 150 recorded cases, each with a name of its own', () => {
  const names = Object.values(vectors).flatMap((cases) => cases.map(({ name }) => name));
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(new Set(names).size).toBe(names.length);
});

// PyTorch and the interpreter have nothing in common but the equations.
for (const [topic, cases] of Object.entries(vectors)) {
  test(`PyTorch in float64 and the float64 interpreter agree within 1e-12: ${topic}`, () => {
    for (const vector of cases) {
      const recorded = vector.expected.output;
      if (isCell(vector) || vector.layout === 'packed' || !recorded) continue;
      const output = { data: decode(recorded), shape: recorded.shape };
      const expected = sequencesOf(output, { ...vector, batchFirst: vector.config.batchFirst });
      oracleOf(vector, float64).forEach((result, b) => {
        expectWithin(vector.name, result.output.flat(), expected[b]!.flat(), recordedBound('float64', [], undefined));
      });
    }
  });
}

test('the fill generator gives what tools/vectors/fill.py gives', () => {
  expect(Array.from(fill(tensorSeed(2245647145, 0), 3, 1, 'float32'))).toEqual(FLOAT32);
  expect(Array.from(fill(tensorSeed(2245647145, 0), 3, 1, 'float64'))).toEqual(FLOAT64);
});
