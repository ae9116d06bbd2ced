import { type Tensor, tensor } from '@congruent/runtime';
import { defineCell } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { type Activation, isOfClass, type OwnEquations, ownCell } from '../src/layers/own-cell.ts';
import { run } from './run.ts';

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.log1p(Math.exp(x));

/** The functions as their papers and frameworks define them, in JavaScript's float64. */
const FUNCTIONS: Readonly<Record<string, (x: number, alpha: number, beta: number) => number>> = {
  sigmoid,
  tanh: Math.tanh,
  relu: (x) => Math.max(x, 0),
  relu6: (x) => clamp(x, 0, 6),
  linear: (x) => x,
  affine: (x, alpha, beta) => alpha * x + beta,
  hard_sigmoid: (x, alpha, beta) => clamp(alpha * x + beta, 0, 1),
  hard_tanh: (x) => clamp(x, -1, 1),
  hard_silu: (x) => (x * clamp(x + 3, 0, 6)) / 6,
  hard_swish: (x) => (x * clamp(x + 3, 0, 6)) / 6,
  leaky_relu: (x, alpha) => (x >= 0 ? x : alpha * x),
  scaled_tanh: (x, alpha, beta) => alpha * Math.tanh(beta * x),
  elu: (x, alpha) => (x >= 0 ? x : alpha * Math.expm1(x)),
  selu: (x) => 1.0507009873554805 * (x >= 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  softsign: (x) => x / (1 + Math.abs(x)),
  softplus,
  exponential: Math.exp,
  swish: (x) => x * sigmoid(x),
  silu: (x) => x * sigmoid(x),
  mish: (x) => x * Math.tanh(softplus(x)),
  log_sigmoid: (x) => Math.log(sigmoid(x)),
  tanh_shrink: (x) => x - Math.tanh(x),
};

const of = ({ name, alpha = 0, beta = 0 }: Activation) => {
  return (x: number): number => FUNCTIONS[name]!(x, alpha, beta);
};

const [I, H, STEPS] = [3, 4, 5];

/** Numbers between -2 and 2, so that every function is met on both sides of its bends. */
function numbers(shape: readonly number[], seed: number): Tensor {
  const data = Float64Array.from({ length: shape.reduce((a, b) => a * b) }, (_, k) => {
    const s = Math.sin(seed * 78.233 + k * 12.9898) * 43758.5453;
    return 4 * (s - Math.floor(s)) - 2;
  });
  return tensor(data, shape);
}

const GATES = { GRU: 'rzn', LSTM: 'ifgo', RNN: 'h' };

/** Parameters for a cell: those of the class, with the peepholes and without the forget gate where it says so. */
function parametersOf({ kind, peepholes, inputForget }: OwnEquations): Record<string, Tensor> {
  const gates = [...GATES[kind]].filter((gate) => !(inputForget && gate === 'f'));
  const rows = gates.length * H;
  return {
    weight_ih_l0: numbers([rows, I], 1),
    weight_hh_l0: numbers([rows, H], 2),
    bias_ih_l0: numbers([rows], 3),
    bias_hh_l0: numbers([rows], 4),
    ...(peepholes ? { weight_peephole_l0: numbers([(gates.length - 1) * H], 5) } : {}),
  };
}

/** One step after the other, by loops over the formulas. */
function plain(equations: OwnEquations, parameters: Record<string, Tensor>, input: Tensor): number[] {
  const { kind, resetAfter = true, clip = Number.POSITIVE_INFINITY, peepholes, inputForget } = equations;
  const [gate, candidate] = [of(equations.gate ?? { name: 'sigmoid' }), of(equations.candidate)];
  const leaving = of(equations.output ?? equations.candidate);
  const limit = (x: number): number => clamp(x, -clip, clip);
  const gates = [...GATES[kind]].filter((each) => !(inputForget && each === 'f'));
  const product = (name: string, row: number, v: readonly number[]): number =>
    v.reduce((total, value, k) => total + parameters[name]!.data[row * v.length + k]! * value, 0);
  const bias = (name: string, row: number): number => parameters[name]!.data[row]!;
  const peep = (each: string, k: number): number =>
    peepholes ? parameters['weight_peephole_l0']!.data[gates.filter((g) => g !== 'g').indexOf(each) * H + k]! : 0;
  let h = new Array<number>(H).fill(0);
  let c = new Array<number>(H).fill(0);
  const output: number[] = [];
  for (let t = 0; t < STEPS; t++) {
    const x = [...input.data.slice(t * I, (t + 1) * I)];
    const row = (each: string, k: number): number => gates.indexOf(each) * H + k;
    const fromInput = (each: string, k: number): number =>
      product('weight_ih_l0', row(each, k), x) + bias('bias_ih_l0', row(each, k));
    const fromState = (each: string, k: number, state = h): number =>
      product('weight_hh_l0', row(each, k), state) + bias('bias_hh_l0', row(each, k));
    const both = (each: string, k: number): number => fromInput(each, k) + fromState(each, k);
    const next = (make: (k: number) => number): number[] => Array.from({ length: H }, (_, k) => make(k));
    if (kind === 'RNN') h = next((k) => candidate(limit(both('h', k))));
    if (kind === 'GRU') {
      const r = next((k) => gate(limit(both('r', k))));
      const z = next((k) => gate(limit(both('z', k))));
      const reset = r.map((value, k) => value * h[k]!);
      const n = next((k) =>
        candidate(limit(fromInput('n', k) + (resetAfter ? r[k]! * fromState('n', k) : fromState('n', k, reset)))),
      );
      h = next((k) => (1 - z[k]!) * n[k]! + z[k]! * h[k]!);
    }
    if (kind === 'LSTM') {
      const i = next((k) => gate(limit(both('i', k) + peep('i', k) * c[k]!)));
      const f = next((k) => (inputForget ? 1 - i[k]! : gate(limit(both('f', k) + peep('f', k) * c[k]!))));
      const g = next((k) => candidate(limit(both('g', k))));
      c = next((k) => f[k]! * c[k]! + i[k]! * g[k]!);
      const o = next((k) => gate(limit(both('o', k) + peep('o', k) * c[k]!)));
      h = next((k) => o[k]! * leaving(limit(c[k]!)));
    }
    output.push(...h);
  }
  return output;
}

const tanh: Activation = { name: 'tanh' };

const textOf = (equations: OwnEquations): string => {
  const made = ownCell(equations);
  if ('problem' in made) throw new Error(made.problem);
  return made.text;
};

function agrees(equations: OwnEquations): void {
  const parameters = parametersOf(equations);
  const input = numbers([STEPS, 1, I], 6);
  const options = { sizes: { I, H }, numLayers: 1, bidirectional: false, batchFirst: false, dtype: 'float64' } as const;
  const cell = textOf(equations);
  const { output } = run({ kind: equations.kind, name: '', options, parameters, cell, notes: [] }, input);
  const wanted = plain(equations, parameters, input);
  const largest = Math.max(1, ...wanted.map(Math.abs));
  expect(wanted.every(Number.isFinite)).toBe(true);
  wanted.forEach((value, k) => {
    expect(Math.abs(output.data[k]! - value)).toBeLessThan(1e-12 * largest);
  });
}

describe('an own cell has the values of its formulas', () => {
  for (const name of Object.keys(FUNCTIONS)) {
    const activation = { name, alpha: 0.3, beta: 0.4 };
    // e^e^e^… is infinite in a few steps.
    const limits = name === 'exponential' ? { clip: 2 } : {};
    test(`RNN with ${name}`, () => agrees({ kind: 'RNN', candidate: activation, ...limits }));
    test(`LSTM with ${name} for its cell state`, () => agrees({ kind: 'LSTM', candidate: tanh, output: activation }));
  }

  const hard = (alpha: number): Activation => ({ name: 'hard_sigmoid', alpha, beta: 0.5 });
  const cases: readonly OwnEquations[] = [
    { kind: 'GRU', gate: hard(0.2), candidate: tanh },
    { kind: 'GRU', gate: hard(1 / 6), candidate: tanh },
    { kind: 'GRU', resetAfter: false, gate: hard(0.2), candidate: { name: 'softsign' } },
    { kind: 'GRU', candidate: tanh, clip: 0.5 },
    { kind: 'GRU', resetAfter: false, candidate: tanh, clip: 0.5 },
    { kind: 'LSTM', gate: hard(0.2), candidate: tanh },
    { kind: 'LSTM', candidate: { name: 'relu' } },
    { kind: 'LSTM', candidate: tanh, peepholes: true },
    { kind: 'LSTM', candidate: tanh, inputForget: true },
    { kind: 'LSTM', candidate: tanh, peepholes: true, inputForget: true, clip: 0.75 },
    { kind: 'RNN', candidate: { name: 'affine', alpha: -0.25, beta: -0.5 }, clip: 2 },
  ];
  for (const equations of cases) {
    test(`${defineCell(textOf(equations)).name}: ${JSON.stringify(equations)}`, () => agrees(equations));
  }
});

test('a cell is named after what is not as in the class', () => {
  const names: [string, OwnEquations][] = [
    ['lstm_hard_sigmoid', { kind: 'LSTM', gate: { name: 'hard_sigmoid', alpha: 0.2, beta: 0.5 }, candidate: tanh }],
    ['gru_reset_before_clipped', { kind: 'GRU', resetAfter: false, candidate: tanh, clip: 1 }],
    ['lstm_peephole_coupled', { kind: 'LSTM', candidate: tanh, peepholes: true, inputForget: true }],
    ['lstm_candidate_relu_output_relu', { kind: 'LSTM', candidate: { name: 'relu' } }],
    ['rnn_softsign', { kind: 'RNN', candidate: { name: 'softsign' } }],
  ];
  for (const [name, equations] of names) expect(defineCell(textOf(equations)).name).toBe(name);
});

test('what the notation cannot say is a problem that is named', () => {
  const problem = (equations: OwnEquations) => (ownCell(equations) as { problem?: string }).problem;
  const rnn = (candidate: Activation): OwnEquations => ({ kind: 'RNN', candidate });
  expect(problem(rnn({ name: 'thresholded_relu', alpha: 1 }))).toMatch(/thresholded_relu steps at a threshold/);
  expect(problem(rnn({ name: 'gelu' }))).toMatch(/error function/);
  expect(problem(rnn({ name: 'my_own' }))).toMatch(/my_own is none that is known/);
  expect(problem(rnn({ name: 'constructor' }))).toMatch(/constructor is none that is known/);
  expect(problem(rnn({ name: 'leaky_relu' }))).toMatch(/no alpha/);
  expect(problem(rnn({ name: 'hard_sigmoid', alpha: 0.2, beta: Number.NaN }))).toMatch(/beta NaN/);
  expect(problem({ kind: 'LSTM', candidate: tanh, clip: 0 })).toMatch(/clip is 0/);
  expect(problem({ kind: 'LSTM', candidate: tanh, output: { name: 'gelu' } })).toMatch(/gelu/);
});

test('the equations of the classes are told from others', () => {
  expect(isOfClass({ kind: 'GRU', gate: { name: 'sigmoid' }, candidate: tanh, resetAfter: false })).toBe(true);
  expect(isOfClass({ kind: 'LSTM', candidate: tanh })).toBe(true);
  expect(isOfClass({ kind: 'RNN', candidate: { name: 'relu' } })).toBe(true);
  expect(isOfClass({ kind: 'RNN', candidate: { name: 'relu' }, clip: 1 })).toBe(false);
  expect(isOfClass({ kind: 'GRU', gate: { name: 'hard_sigmoid' }, candidate: tanh })).toBe(false);
  expect(isOfClass({ kind: 'LSTM', candidate: tanh, output: { name: 'relu' } })).toBe(false);
  expect(isOfClass({ kind: 'LSTM', candidate: tanh, peepholes: true })).toBe(false);
  expect(isOfClass({ kind: 'LSTM', candidate: tanh, inputForget: true })).toBe(false);
});
