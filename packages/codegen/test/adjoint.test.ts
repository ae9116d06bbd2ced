import { type Cell, cell, gru, gruResetBefore, lstm } from '@congruent/spec';
import { cells, unusual } from '@congruent/spec/catalogue';
import { describe, expect, test } from 'vitest';
import { compile, type Program, printAdjoint } from '../src/index.ts';
import { readBy } from '../src/ir/definition.ts';
import { directionFor, gradientsOf, predictedSlope, problemFor, slope } from './sequences.ts';
import type { Lengths } from './values.ts';

const lengths: Lengths = { I: 5, H: 3, G: 4, P: 2, M: 6, O: 3, 'g.H': 7 };
const STEPS = 4;

describe.each(cells)('$name', (cell) => {
  const program = compile(cell);

  test('gradients are the slopes of the interpreted sequence', () => {
    const problem = problemFor(cell, lengths, STEPS, 11);
    const gradients = gradientsOf(program, problem);
    for (const seed of [1, 2, 3]) {
      const direction = directionFor(cell, lengths, STEPS, seed);
      const predicted = predictedSlope(gradients, direction);
      expect(Math.abs(predicted.slope - slope(program, problem, direction, 2 ** -13))).toBeLessThan(1e-8);
    }
  });
});

const products = ({ backward }: Program): number =>
  backward.phases
    .flatMap(({ stages }) => stages)
    .flatMap(({ kind, definitions }) => (kind === 'contract' ? [definitions[0]!.value] : []))
    .filter((value) => value.kind === 'transposed' || (value.kind === 'sum' && value.right !== undefined)).length;

test("the GRU's backward pass does four products, as one written by hand: two transposed, two for the weights", () => {
  expect(products(compile(gru))).toBe(4);
});

test("the GRU's backward pass is what the literature writes down", () => {
  expect(`\n${printAdjoint(compile(gru))}\n`).toBe(`
adjoint gru
given for each row: dy
residuals, recorded by the forward pass for each row: h, r, z, u_n, n
  u_n = h_n + b_hn
steps, backwards, dh' -> dh
  map [H], stores g_h, da_n, dh_n, da_z, da_r
    g_h = dh' + dy
    dn = g_h * (1 - z)
    da_n = dn * (1 - n * n)
    dh_n = da_n * r
    dz = g_h * (h - n)
    da_z = dz * (z * (1 - z))
    dr = da_n * u_n
    da_r = dr * (r * (1 - r))
  contract
    p_h = [da_r; da_z; dh_n] @ [W_hr; W_hz; W_hn]
  map [H], stores dh
    dh = g_h * z + p_h
rows
  contract
    dx = [da_r; da_z; da_n] @ [W_ir; W_iz; W_in]
reduce
  contract
    [db_r; db_z; db_in; db_hn] = [da_r; da_z; da_n; dh_n]
  contract
    [dW_ir; dW_iz; dW_in] = outer([da_r; da_z; da_n], x)
  contract
    [dW_hr; dW_hz; dW_hn] = outer([da_r; da_z; dh_n], h)
the same
  db_ir = db_r
  db_iz = db_z
  db_hr = db_r
  db_hz = db_z
`);
});

test('no sum over rows is left that no gradient needs, as of what a zero is multiplied with', () => {
  const { adjoint } = compile(cell`
    padded(x[I], h[H]) -> h'
    h' = tanh(W @ [h; h; 0] + V @ x)
    layout torch
      w = [W]   v = [V]
  `);
  const read = readBy([...adjoint.sums, ...adjoint.finish]);
  const results = new Set(adjoint.gradients.values());
  expect(adjoint.sums.filter(({ name }) => !read.has(name) && !results.has(name))).toEqual([]);
});

describe('what is recorded', () => {
  const recorded = (cell: Cell): string[] => compile(cell).forward.residuals.map(({ name }) => name);

  test('states that are read, and results of functions', () => {
    expect(recorded(lstm)).toEqual(['h', 'c', 'i', 'f', 'g', 'o', 'tanh_h']);
    expect(recorded(gruResetBefore)).toEqual(['h', 'r', 'z', 'n']); // r * h is computed again
  });

  test('an expression that reads a product as a whole, so that no product is computed again', () => {
    expect(recorded(gru)).toEqual(['h', 'r', 'z', 'u_n', 'n']); // u_n = h_n + b_hn
  });

  test('nothing where the slopes are constants', () => {
    expect(recorded(unusual.find(({ name }) => name === 'states_that_swap')!)).toEqual([]);
  });
});
