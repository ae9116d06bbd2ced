import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compile,
  extractProducts,
  float32,
  foldSums,
  interpreter,
  lowerCell,
  namesOf,
  printAdjoint,
  printAdjointLatex,
} from '../src/index.ts';
import { readBy } from '../src/ir/definition.ts';
import { Keys } from '../src/ir/keys.ts';
import { Evaluator } from '../src/reference/evaluator.ts';
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

test('the forward pass that records, phase by phase, gives the bits of the flat cell in its own order', () => {
  fc.assert(
    fc.property(anyCell, anyLengths, anySeed, (cell, lengths, seed) => {
      const program = compile(cell);
      const { parameters, operands } = valuesFor(cell, lengths, numbers(seed));
      const recorded = interpreter(program, float32, parameters).forward(operands);
      const flat = extractProducts(foldSums(lowerCell(cell)));
      const evaluator = new Evaluator(float32, program.functions.float32, new Map(Object.entries(lengths)));
      const values = evaluator.evaluate(flat.definitions, { ...parameters, ...operands });
      for (const { given, next } of flat.carries) expect(recorded.states[given.name]).toEqual(values[next.name]);
      for (const { name } of flat.outputs) expect(recorded.outputs[name]).toEqual(values[name]);
    }),
    runs,
  );
});

test('any backward pass is given nothing and computes nothing that is not read, and no value twice', () => {
  fc.assert(
    fc.property(anyCell, (cell) => {
      const { forward, residuals, definitions, sums, finish, carries, gradients } = compile(cell).adjoint;
      const computed = [...definitions, ...sums, ...finish];
      const again = new Set(namesOf(forward)); // as the cell says it, twice where it does
      const results = new Set([...carries.map(({ next }) => next.name), ...gradients.values()]);
      const read = readBy(computed);
      const names = [...residuals, ...computed].map(({ name }) => name);
      expect(names.filter((name) => !read.has(name) && !results.has(name))).toEqual([]);
      const keys = new Keys();
      const values = computed
        .filter(({ name }) => !results.has(name) && !again.has(name))
        .map(({ value }) => keys.of(value));
      expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([]);
    }),
    runs,
  );
});

test('any backward pass can be printed, with a name of its own for every value', () => {
  fc.assert(
    fc.property(anyCell, (cell) => {
      const program = compile(cell);
      const { definitions, sums, finish } = program.adjoint;
      const text = printAdjoint(program).replaceAll(/[[\];]/g, ' ');
      for (const { name } of [...definitions, ...sums, ...finish]) expect(text).toContain(` ${name} `);
      const symbols = [...printAdjointLatex(program.adjoint).matchAll(/^ {2}(.*?) &= /gm)].map(([, symbol]) => symbol);
      expect(symbols.filter((symbol, index) => symbols.indexOf(symbol) !== index)).toEqual([]);
    }),
    runs,
  );
});
