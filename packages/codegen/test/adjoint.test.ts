import { type Cell, gru } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { elementwise, lstm, resetBefore, unusual } from '../../../tools/testing/cells.ts';
import { type AdjointSchedule, adjointInterpreter, compile, float32, interpreter, printAdjoint } from '../src/index.ts';
import { directionFor, gradientsOf, predictedSlope, problemFor, slope } from './sequences.ts';
import { type Lengths, numbers, valuesFor } from './values.ts';

const cells = [gru, resetBefore, lstm, elementwise, ...unusual];
const lengths: Lengths = { I: 5, H: 3, G: 4 };
const STEPS = 4;

describe.each(cells)('$name', (cell) => {
  const program = compile(cell);

  test('gradients are the slopes of the interpreted sequence', () => {
    const problem = problemFor(cell, lengths, STEPS, 11);
    const gradients = gradientsOf(program, problem);
    for (const seed of [1, 2, 3]) {
      const direction = directionFor(cell, lengths, STEPS, seed);
      const predicted = predictedSlope(gradients, direction);
      expect(Math.abs(predicted.slope - slope(program, problem, direction, 2 ** -11))).toBeLessThan(1e-8);
    }
  });

  test('the forward pass that records gives the bits of the one that does not', () => {
    const { parameters, operands } = valuesFor(cell, lengths, numbers(5));
    const recorded = adjointInterpreter(program, float32, parameters).forward(operands);
    expect(recorded.states).toEqual(interpreter(program, float32, parameters).step(operands));
  });
});

const products = ({ step, after, sums }: AdjointSchedule): number =>
  [...step, ...after].filter(({ kind }) => kind === 'transposed').length +
  sums.filter(({ operand }) => operand !== undefined).length;

test("the GRU's backward pass does four products, as one written by hand: two transposed, two for the weights", () => {
  expect(products(compile(gru).adjoint)).toBe(4);
});

test("the GRU's backward pass is what the literature writes down", () => {
  expect(`\n${printAdjoint(compile(gru).adjoint)}\n`).toBe(`
adjoint gru
recorded by the forward pass, for each row: h, r, z, u_n, n
  u_n = h_n + b_hn
at every step, from the last to the first, given dy, dh'
  element-wise [H], keeps g_h, da_n, dh_n, da_z, da_r
    g_h = dh' + dy
    dn = g_h * (1 - z)
    da_n = dn * (1 - n * n)
    dh_n = da_n * r
    dz = g_h * (h - n)
    da_z = dz * (z * (1 - z))
    dr = da_n * u_n
    da_r = dr * (r * (1 - r))
  product
    p_h = [da_r; da_z; dh_n] @ [W_hr; W_hz; W_hn]
  element-wise [H], keeps dh
    dh = g_h * z + p_h
once for the rows of all steps
  product
    dx = [da_r; da_z; da_n] @ [W_ir; W_iz; W_in]
summed over the rows of all steps, reading da_n, dh_n, da_z, da_r
  [db_r; db_z; db_in; db_hn] = [da_r; da_z; da_n; dh_n]
  [dW_ir; dW_iz; dW_in] = outer([da_r; da_z; da_n], x)
  [dW_hr; dW_hz; dW_hn] = outer([da_r; da_z; dh_n], h)
the same
  db_ir = db_r
  db_iz = db_z
  db_hr = db_r
  db_hz = db_z
`);
});

describe('what is recorded', () => {
  const kept = (cell: Cell): string[] => compile(cell).adjoint.adjoint.kept.map(({ name }) => name);

  test('states that are read, and results of functions', () => {
    expect(kept(lstm)).toEqual(['h', 'c', 'i', 'f', 'g', 'o', 'tanh_h']);
    expect(kept(resetBefore)).toEqual(['h', 'r', 'z', 'n']); // r * h is computed again
  });

  test('an expression that reads a product as a whole, so that no product is computed again', () => {
    expect(kept(gru)).toEqual(['h', 'r', 'z', 'u_n', 'n']); // u_n = h_n + b_hn
  });

  test('nothing where the slopes are constants', () => {
    expect(kept(unusual.find(({ name }) => name === 'states_that_swap')!)).toEqual([]);
  });
});
