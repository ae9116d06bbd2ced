import { type Cell, gru } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import {
  type AdjointSchedule,
  adjointInterpreter,
  compile,
  type Environment,
  float32,
  float64,
  interpreter,
  type Program,
  printAdjoint,
  type Value,
} from '../src/index.ts';
import { elementwise, lstm, resetBefore, unusual } from './cells.ts';
import { type Lengths, mapValues, numbers, valuesFor } from './values.ts';

const cells = [gru, resetBefore, lstm, elementwise, ...unusual];
const lengths: Lengths = { I: 5, H: 3, G: 4 };
const STEPS = 4;

/** A sequence, what stands before it, and how much each result counts. */
interface Problem {
  readonly parameters: Environment<number>;
  readonly states: Environment<number>;
  readonly inputs: readonly Environment<number>[];
  /** Of the output of each step, and of the last states. */
  readonly cotangents: { readonly outputs: readonly Value<number>[]; readonly states: Environment<number> };
}

function problemFor(cell: Cell): Problem {
  const next = numbers(11);
  const draw = () => valuesFor(cell, lengths, next);
  const only = (variables: Cell['inputs'], from: Environment<number>): Environment<number> =>
    Object.fromEntries(variables.map(({ name }) => [name, from[name]!]));
  const { parameters, operands } = draw();
  return {
    parameters,
    states: only(cell.states, operands),
    inputs: Array.from({ length: STEPS }, () => only(cell.inputs, draw().operands)),
    cotangents: {
      outputs: Array.from({ length: STEPS }, () => draw().operands[cell.states[0]!.name]!),
      states: only(cell.states, draw().operands),
    },
  };
}

const flat = (value: Value<number>): readonly number[] =>
  Array.isArray(value) ? value.flatMap(flat) : [value as number];

const dot = (a: Value<number>, b: Value<number>): number => {
  const [left, right] = [flat(a), flat(b)];
  return left.reduce((sum, value, index) => sum + value * right[index]!, 0);
};

/** What the gradients are of: the sum of all results, weighted by the cotangents. */
function loss(program: Program, { parameters, states, inputs, cotangents }: Problem): number {
  const { step } = interpreter(program, float64, parameters);
  const output = program.cell.states[0]!.name;
  let current = states;
  let sum = 0;
  inputs.forEach((input, t) => {
    current = step({ ...input, ...current });
    sum += dot(current[output]!, cotangents.outputs[t]!);
  });
  return program.cell.states.reduce((total, { name }) => total + dot(current[name]!, cotangents.states[name]!), sum);
}

interface Gradients {
  readonly parameters: Environment<number>;
  readonly states: Environment<number>;
  readonly inputs: readonly Environment<number>[];
}

function gradientsOf(program: Program, { parameters, states, inputs, cotangents }: Problem): Gradients {
  const { forward, backward, gradients } = adjointInterpreter(program, float64, parameters);
  let current = states;
  const kept = inputs.map((input) => {
    const step = forward({ ...input, ...current });
    current = step.states;
    return step.kept;
  });
  let later = cotangents.states;
  const rows = kept.map((values, t) => ({ values, output: cotangents.outputs[t]! })).reverse();
  const steps = rows.map(({ values, output }) => {
    const step = backward(values, output, later);
    later = step.states;
    return step;
  });
  steps.reverse();
  return {
    parameters: gradients(steps.map(({ row }) => row)),
    states: later,
    inputs: steps.map((step) => step.inputs),
  };
}

/** The slope of the loss along a direction in which one environment moves, by central differences of fourth order. */
function slope(program: Program, moved: (by: number) => Problem): number {
  const at = (by: number): number => loss(program, moved(by));
  const by = 2 ** -11;
  return (8 * (at(by) - at(-by)) - (at(2 * by) - at(-2 * by))) / (12 * by);
}

/** Each element moved by a multiple of its part of a random direction. */
function along(values: Environment<number>, direction: Environment<number>, by: number): Environment<number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const parts = flat(direction[name]!);
      let index = 0;
      return [name, mapValues({ value }, (element) => element + by * parts[index++]!)['value']!];
    }),
  );
}

const dotAll = (a: Environment<number>, b: Environment<number>): number =>
  Object.keys(a).reduce((sum, name) => sum + dot(a[name]!, b[name]!), 0);

describe.each(cells)('$name', (cell) => {
  const program = compile(cell);
  const problem = problemFor(cell);

  test('gradients are the slopes of the interpreted sequence', () => {
    const gradients = gradientsOf(program, problem);
    for (const seed of [1, 2, 3]) {
      const { parameters, operands } = valuesFor(cell, lengths, numbers(seed));
      const near = (got: number, moved: (by: number) => Problem): void =>
        expect(Math.abs(got - slope(program, moved))).toBeLessThan(1e-9);
      near(dotAll(gradients.parameters, parameters), (by) => ({
        ...problem,
        parameters: along(problem.parameters, parameters, by),
      }));
      near(dotAll(gradients.states, operands), (by) => ({ ...problem, states: along(problem.states, operands, by) }));
      problem.inputs.forEach((input, t) => {
        near(dotAll(gradients.inputs[t]!, operands), (by) => ({
          ...problem,
          inputs: problem.inputs.with(t, along(input, operands, by)),
        }));
      });
    }
  });

  test('the forward pass that records gives the bits of the one that does not', () => {
    const { parameters, operands } = valuesFor(cell, lengths, numbers(5));
    const recorded = adjointInterpreter(program, float32, parameters).forward(operands);
    expect(recorded.states).toEqual(interpreter(program, float32, parameters).step(operands));
  });

  test('records each value once, and computes no value twice', () => {
    const { adjoint, sums, step, after } = program.adjoint;
    expect(new Set(adjoint.kept.map(({ name }) => name)).size).toBe(adjoint.kept.length);
    const values = adjoint.definitions.map(({ value }) => JSON.stringify(value));
    const outgoing = adjoint.states.length + cell.inputs.length;
    expect(values.length - new Set(values).size).toBeLessThanOrEqual(outgoing);
    expect([...step, ...after, ...sums].length).toBeGreaterThan(0);
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
