import { type CongruentError, type StateDict, type Tensor, tensor } from '@congruent/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectCode } from '../../runtime/test/expect-code.ts';
import { Linear } from '../src/index.ts';
import { centralDifferences, farthest } from './differences.ts';

const numbers = (count: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: count, maxLength: count })
    .map((values) => Float64Array.from(values));

/** Sizes, a shape before the features, and numbers for input and output gradient. */
const example = fc
  .record({
    inFeatures: fc.integer({ min: 1, max: 5 }),
    outFeatures: fc.integer({ min: 1, max: 5 }),
    bias: fc.boolean(),
    before: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
  })
  .chain((sizes) => {
    const rows = sizes.before.reduce((product, length) => product * length, 1);
    return fc.record({
      sizes: fc.constant(sizes),
      input: numbers(rows * sizes.inFeatures).map((data) => tensor(data, [...sizes.before, sizes.inFeatures])),
      gradient: numbers(rows * sizes.outFeatures).map((data) => tensor(data, [...sizes.before, sizes.outFeatures])),
    });
  });

const inner = (a: Tensor, b: Tensor): number =>
  Array.from(a.data, (x, i) => x * b.data[i]!).reduce((sum, x) => sum + x, 0);

test('y = x Wᵀ + b, row by row', () => {
  const layer = new Linear({ inFeatures: 2, outFeatures: 3 });
  layer.loadStateDict({ weight: tensor([1, 2, 3, 4, 5, 6], [3, 2]), bias: tensor([10, 20, 30]) });
  expect(layer.forward(tensor([1, 0, 0, 1], [2, 2]))).toEqual(tensor([11, 23, 35, 12, 24, 36], [2, 3]));
  expect(layer.forward(tensor([1, -1]))).toEqual(tensor([9, 19, 29]));
});

test('gradients of input, weight and bias are those of ⟨g, y⟩, by central differences, whatever the shape', () => {
  fc.assert(
    fc.property(example, ({ sizes: { before: _, ...sizes }, input, gradient }) => {
      const layer = new Linear({ ...sizes, dtype: 'float64', seed: 3 });
      const { output, pullback } = layer.vjp(input);
      expect(output).toEqual(layer.forward(input));
      expect(output.shape).toEqual(gradient.shape);
      const gradients = pullback(gradient);
      expect(gradients.input.shape).toEqual(input.shape);
      const byInput = centralDifferences((at) => inner(layer.forward(at), gradient), input);
      expect(farthest(gradients.input.data, byInput)).toBeLessThan(1e-8);
      const parameters = layer.stateDict();
      expect(Object.keys(gradients.parameters)).toEqual(Object.keys(parameters));
      for (const [name, parameter] of Object.entries(parameters)) {
        const other = new Linear({ ...sizes, dtype: 'float64' });
        const byParameter = centralDifferences((at) => {
          other.loadStateDict({ ...parameters, [name]: at });
          return inner(other.forward(input), gradient);
        }, parameter);
        expect(gradients.parameters[name]!.shape).toEqual(parameter.shape);
        expect(farthest(gradients.parameters[name]!.data, byParameter)).toBeLessThan(1e-8);
      }
    }),
    { seed: 1 },
  );
});

test('float32: each operation is rounded, terms are added in blocks of 64, and the bias last', () => {
  const f = Math.fround;
  const inFeatures = 150;
  const layer = new Linear({ inFeatures, outFeatures: 1, seed: 2 });
  const x = Float32Array.from({ length: inFeatures }, (_, i) => Math.sin(i));
  const { weight, bias } = layer.stateDict();
  const block = (from: number, to: number): number =>
    Array.from({ length: to - from }, (_, i) => f(weight!.data[from + i]! * x[from + i]!)).reduce(
      (sum, term) => f(sum + term),
      0,
    );
  const total = f(f(block(0, 64) + block(64, 128)) + block(128, 150));
  expect(layer.forward(tensor(x)).data).toEqual(Float32Array.of(f(total + bias!.data[0]!)));
});

test('a pullback keeps the input and the parameters of its call, and can be called again', () => {
  const layer = new Linear({ inFeatures: 2, outFeatures: 1 });
  const x = tensor([3, 4]);
  const { pullback } = layer.vjp(x);
  const first = pullback(tensor([1]));
  const kept = structuredClone(first);
  x.data.fill(0);
  layer.loadStateDict({ weight: tensor([7, 7], [1, 2]), bias: tensor([7]) });
  for (const { data } of [first.input, ...Object.values(first.parameters)]) data.fill(9);
  expect(pullback(tensor([1]))).toEqual(kept);
  expect(kept.parameters).toEqual({ weight: tensor([3, 4], [1, 2]), bias: tensor([1]) });
});

describe('parameters', () => {
  test('are uniform in ±1/√inFeatures, follow from the seed, and are rounded in float32', () => {
    const options = { inFeatures: 100, outFeatures: 200, seed: 5 } as const;
    const wide = new Linear({ ...options, dtype: 'float64' }).stateDict();
    const values = [...wide['weight']!.data];
    expect(Math.max(...values)).toBeLessThan(0.1);
    expect(Math.max(...values)).toBeGreaterThan(0.0999);
    expect(Math.min(...values)).toBeLessThan(-0.0999);
    expect(Math.max(...wide['bias']!.data)).toBeGreaterThan(0.09);
    const narrow = new Linear(options).stateDict();
    for (const [name, { data }] of Object.entries(narrow)) expect(data).toEqual(new Float32Array(wide[name]!.data));
    expect(new Linear({ ...options, seed: 6 }).stateDict()).not.toEqual(narrow);
  });

  // The algorithm of runtime/src/parameters/random.ts written a second time in Python.
  test('of a seed are fixed for ever', () => {
    const { weight, bias } = new Linear({ inFeatures: 1, outFeatures: 2, dtype: 'float64' }).stateDict();
    expect([...weight!.data, ...bias!.data]).toEqual([
      0.3109396594410019, -0.9566525061648519, 0.594480665666345, -0.28640505197937505,
    ]);
  });

  test('bias false: there is none, in the results, the gradients and the dict', () => {
    const layer = new Linear({ inFeatures: 1, outFeatures: 1, bias: false });
    layer.loadStateDict({ weight: tensor([2], [1, 1]) });
    const { output, pullback } = layer.vjp(tensor([3]));
    expect(output).toEqual(tensor([6]));
    expect(pullback(tensor([1])).parameters).toEqual({ weight: tensor([3], [1, 1]) });
  });

  test('a dict of a whole model: the prefix is named', () => {
    const { weight, bias } = new Linear({ inFeatures: 2, outFeatures: 3 }).stateDict();
    const dict = { 'fc.weight': weight!, 'fc.bias': bias! };
    const layer = new Linear({ inFeatures: 2, outFeatures: 3 });
    return expectCode(() => layer.loadStateDict(dict), 'CONGRUENT_STATE_DICT', 'pass { prefix: "fc." }');
  });

  test('stateDict gives copies, loadStateDict takes copies, and strict false skips', () => {
    const layer = new Linear({ inFeatures: 1, outFeatures: 1 });
    const dict = { weight: tensor([2], [1, 1]), bias: tensor([1]) };
    expect(layer.loadStateDict({ ...dict, other: tensor([1]) }, { strict: false })).toEqual({
      missingKeys: [],
      unexpectedKeys: ['other'],
    });
    dict.weight.data[0] = 9;
    layer.stateDict()['weight']!.data[0] = 9;
    expect(layer.forward(tensor([1]))).toEqual(tensor([3]));
  });
});

const layer = new Linear({ inFeatures: 3, outFeatures: 2 });
const { pullback } = layer.vjp(tensor([1, 2, 3], [1, 3]));
const refused: readonly (readonly [string, () => unknown, CongruentError['code'], string])[] = [
  ['no options', () => new Linear(undefined as never), 'CONGRUENT_OPTION', 'Linear: options must be an object'],
  [
    'inFeatures 0',
    () => new Linear({ inFeatures: 0, outFeatures: 1 }),
    'CONGRUENT_OPTION',
    'Option inFeatures must be a positive integer, got 0',
  ],
  [
    'in_features',
    () => new Linear({ in_features: 1 } as never),
    'CONGRUENT_OPTION',
    "The nearest known one is 'inFeatures'",
  ],
  [
    'inputs of another width',
    () => layer.forward(tensor([1, 2, 3, 4], [2, 2])),
    'CONGRUENT_SHAPE',
    'Linear.forward: input: mat1 and mat2 shapes cannot be multiplied (2x2 and 3x2)',
  ],
  [
    'a scalar',
    () => layer.vjp(tensor([1], [])),
    'CONGRUENT_SHAPE',
    'Linear.vjp: input: mat1 and mat2 shapes cannot be multiplied (a scalar and 3x2)',
  ],
  [
    'inputs of no width',
    () => layer.forward(tensor([], [2, 0])),
    'CONGRUENT_SHAPE',
    'Expected [..., 3], the last dimension being inFeatures, got [2, 0]',
  ],
  [
    'a float64 input',
    () => layer.forward(tensor(new Float64Array(3))),
    'CONGRUENT_DTYPE',
    'Linear.forward: input must have the type torch.float32',
  ],
  [
    'a gradient of the input’s shape',
    () => pullback(tensor([1, 2, 3], [1, 3])),
    'CONGRUENT_SHAPE',
    'Linear.vjp: pullback: Mismatch in shape: grad_output has a shape of [1, 3] and output has a shape of [1, 2]',
  ],
  [
    'a gradient without the batch',
    () => pullback(tensor([1, 2])),
    'CONGRUENT_SHAPE',
    'has a shape of [2] and output has a shape of [1, 2]',
  ],
  [
    'a float64 gradient',
    () => pullback(tensor(new Float64Array(2), [1, 2])),
    'CONGRUENT_DTYPE',
    'Linear.vjp: pullback must have the type torch.float32',
  ],
  [
    'a dict with a missing name',
    () => layer.loadStateDict({ bias: tensor([1, 2]) } as StateDict),
    'CONGRUENT_STATE_DICT',
    'Error(s) in loading state_dict for Linear:\n\tMissing key(s) in state_dict: "weight"',
  ],
];
test.each(refused)('refuses %s', (_, act, code, text) => expectCode(act, code, text));
