import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AdjointSchedule,
  adjointInterpreter,
  compile,
  float32,
  interpreter,
  namesIn,
  namesOf,
  printAdjoint,
  printAdjointLatex,
} from '../src/index.ts';
import { anyCell } from './random-cells.ts';
import { directionFor, gradientsOf, predictedSlope, problemFor, slope } from './sequences.ts';
import { numbers, valuesFor } from './values.ts';

const anyLength = fc.integer({ min: 1, max: 4 });
const anyLengths = fc.record({ H: anyLength, I: anyLength, G: anyLength });
const anySteps = fc.integer({ min: 1, max: 4 });
const anySeed = fc.nat(1000);

/** Compiling verifies; whatever rule a random cell breaks is a failure here too. */
const runs = { numRuns: 300, seed: 1 };

const STEP = 2 ** -10;

test('gradients of any cell, at any sizes, are the slopes of the interpreted sequence', () => {
  fc.assert(
    fc.property(anyCell, anyLengths, anySteps, anySeed, (cell, lengths, steps, seed) => {
      const program = compile(cell);
      const problem = problemFor(cell, lengths, steps, seed);
      const direction = directionFor(cell, lengths, steps, seed + 1);
      const predicted = predictedSlope(gradientsOf(program, problem), direction);
      const [coarse, fine] = [STEP, STEP / 2].map((by) => slope(program, problem, direction, by)) as [number, number];
      const tolerance = 1e-7 * (1 + predicted.magnitude);
      fc.pre(Math.abs(coarse - fine) < tolerance); // where the differences resolve the slope
      expect(Math.abs(predicted.slope - fine)).toBeLessThan(tolerance);
    }),
    runs,
  );
});

test('the forward pass that records gives the bits of the one that does not, for any cell', () => {
  fc.assert(
    fc.property(anyCell, anyLengths, anySeed, (cell, lengths, seed) => {
      const program = compile(cell);
      const { parameters, operands } = valuesFor(cell, lengths, numbers(seed));
      const recorded = adjointInterpreter(program, float32, parameters).forward(operands);
      expect(recorded.states).toEqual(interpreter(program, float32, parameters).step(operands));
    }),
    runs,
  );
});

test('any backward pass keeps nothing and computes nothing that is not read, and no value twice', () => {
  fc.assert(
    fc.property(anyCell, (cell) => {
      const { adjoint } = compile(cell).adjoint;
      const { forward, kept, definitions, sums, finish, states, gradients } = adjoint;
      const again = new Set(namesOf(forward)); // as the cell says it, twice where it does
      const results = new Set([...states.map(({ outgoing }) => outgoing.name), ...gradients.values()]);
      const read = new Set([...definitions, ...sums, ...finish].flatMap(({ value }) => namesIn(value)));
      const unread = (names: readonly { readonly name: string }[]): string[] =>
        names.map(({ name }) => name).filter((name) => !read.has(name) && !results.has(name));
      expect(unread([...kept, ...definitions, ...sums, ...finish])).toEqual([]);
      const values = [...definitions, ...sums, ...finish]
        .filter(({ name }) => !results.has(name) && !again.has(name))
        .map(({ value }) => JSON.stringify(value));
      expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([]);
    }),
    runs,
  );
});

test('any backward pass can be printed, with a name of its own for every value', () => {
  const defined = ({ adjoint }: AdjointSchedule): string[] =>
    [...adjoint.definitions, ...adjoint.sums, ...adjoint.finish].map(({ name }) => name);
  fc.assert(
    fc.property(anyCell, (cell) => {
      const schedule = compile(cell).adjoint;
      const text = printAdjoint(schedule);
      for (const name of defined(schedule)) expect(text.replaceAll(/[[\];]/g, ' ')).toContain(` ${name} `);
      const symbols = [...printAdjointLatex(schedule).matchAll(/^ {2}(.*?) &= /gm)].map(([, symbol]) => symbol);
      expect(symbols.filter((symbol, index) => symbols.indexOf(symbol) !== index)).toEqual([]);
    }),
    runs,
  );
});
