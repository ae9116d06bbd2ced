import {
  type CongruentError,
  checkTensor,
  readSafetensors,
  type Tensor,
  tensor,
  writeSafetensors,
} from '@congruent/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectCode } from '../../runtime/test/expect-code.ts';
import { Adam, AdamW, clipGradNorm, type Optimizer, SGD } from '../src/index.ts';
import {
  BOUND,
  difference,
  type OptimizerCase,
  optimizerCases,
  optimizerOf,
  problems,
  recordedTensors,
} from './recorded.ts';

/** Where each operation is rounded alike, by PyTorch without fused multiply-add; else a power or a norm is computed otherwise. */
const hasTorchsBits = ({ dtype, optimizer, maxNorm }: OptimizerCase): boolean =>
  maxNorm === undefined && (dtype === 'float32' || optimizer === 'SGD');

describe('50 steps with recorded gradients, of all magnitudes and not always for each parameter', () => {
  test.each(optimizerCases.map((recorded) => [recorded.name, recorded] as const))(
    '%s: the parameters are those of PyTorch',
    (_, recorded) => {
      const { dtype, maxNorm, norms, checkpoints } = recorded;
      const optimizer = optimizerOf(recorded);
      let parameters = recordedTensors(dtype, problems[dtype].parameters);
      const differences = problems[dtype].gradients.flatMap((given, index) => {
        let gradients = recordedTensors(dtype, given);
        if (maxNorm !== undefined) {
          const clipped = clipGradNorm(gradients, { maxNorm });
          expect(Math.abs(clipped.totalNorm / norms![index]! - 1)).toBeLessThanOrEqual(BOUND[dtype]);
          gradients = clipped.gradients;
        }
        parameters = optimizer.step(parameters, gradients);
        const expected = checkpoints[index + 1];
        return expected ? [difference(parameters, recordedTensors(dtype, expected))] : [];
      });
      expect(differences.length).toBe(4);
      expect(Math.max(...differences)).toBeLessThanOrEqual(hasTorchsBits(recorded) ? 0 : BOUND[dtype]);
    },
  );
});

const kinds: Readonly<Record<string, () => Optimizer>> = {
  Adam: () => new Adam({ lr: 0.1, weightDecay: 0.1 }),
  AdamW: () => new AdamW({ lr: 0.1 }),
  'SGD without momentum': () => new SGD({ lr: 0.1 }),
  'SGD with momentum': () => new SGD({ lr: 0.1, momentum: 0.9, dampening: 0.5 }),
  'SGD with Nesterov’s momentum': () => new SGD({ lr: 0.1, momentum: 0.9, nesterov: true }),
};

const float = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 }),
  fc.constantFrom(0, -0, 2 ** -149, 1e30),
);
const anyParameters = fc.record({
  weight: fc.array(float, { minLength: 4, maxLength: 4 }).map((values) => tensor(values, [2, 2])),
  'gru.bias_ih_l0': fc.array(float, { minLength: 3, maxLength: 3 }).map((values) => tensor(values)),
});
const anyGradients = fc.array(
  fc.oneof(
    anyParameters,
    anyParameters.map(({ weight }) => ({ weight })),
  ),
  {
    minLength: 1,
    maxLength: 8,
  },
);

const steps = (
  optimizer: Optimizer,
  parameters: Readonly<Record<string, Tensor>>,
  gradients: readonly Readonly<Record<string, Tensor>>[],
): Readonly<Record<string, Tensor>> =>
  gradients.reduce((current, gradient) => optimizer.step(current, gradient), parameters);

describe.each(Object.entries(kinds))('%s', (_, create) => {
  test('interrupted anywhere, written to .safetensors and resumed: the same bits', () => {
    fc.assert(
      fc.property(anyParameters, anyGradients, fc.nat(8), (parameters, gradients, cut) => {
        const whole = steps(create(), parameters, gradients);
        const first = create();
        const half = steps(first, parameters, gradients.slice(0, cut));
        const file = writeSafetensors({ ...first.stateDict(), ...half });
        const { tensors } = readSafetensors(file);
        const [names, model] = [Object.keys(parameters), { ...tensors }];
        const state = Object.fromEntries(Object.entries(model).filter(([name]) => !names.includes(name)));
        const second = create();
        second.loadStateDict(state);
        const resumed = steps(
          second,
          Object.fromEntries(names.map((name) => [name, checkTensor(name, model[name])])),
          gradients.slice(cut),
        );
        expect(resumed).toEqual(whole);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test('changes neither parameters nor gradients, and gives fresh tensors for all of them', () => {
    const parameters = { a: tensor([1, 2]), b: tensor([3]) };
    const gradients = { a: tensor([0.5, -1]) };
    const optimizer = create();
    const first = optimizer.step(parameters, gradients);
    const second = optimizer.step(parameters, gradients);
    expect(parameters).toEqual({ a: tensor([1, 2]), b: tensor([3]) });
    expect(gradients).toEqual({ a: tensor([0.5, -1]) });
    const state = optimizer.stateDict();
    const before = structuredClone(state);
    for (const { data } of [...Object.values(first), ...Object.values(second), gradients.a]) data.fill(99);
    expect(optimizer.stateDict()).toEqual(before);
    expect(parameters).toEqual({ a: tensor([1, 2]), b: tensor([3]) });
    for (const { data } of Object.values(state)) data.fill(77);
    expect(optimizer.stateDict()).toEqual(before);
  });

  test('a parameter without a gradient is as before, and has no state', () => {
    const optimizer = create();
    const { a, b } = optimizer.step({ a: tensor([1]), b: tensor([3]) }, { a: tensor([1]) });
    expect(a!.data[0]).not.toBe(1);
    expect(b).toEqual(tensor([3]));
    expect(Object.keys(optimizer.stateDict()).filter((name) => name.startsWith('b.'))).toEqual([]);
  });

  const good = { a: tensor([1, 2]), b: tensor([3]) };
  const wide = tensor(new Float64Array(1));
  const refused: readonly (readonly [string, unknown, unknown, CongruentError['code'], string])[] = [
    [
      'parameters null',
      null,
      good,
      'CONGRUENT_STATE_DICT',
      'parameters must be dict-like, an object of tensors by name, got null',
    ],
    [
      'gradients in an array',
      good,
      [good],
      'CONGRUENT_STATE_DICT',
      'gradients must be dict-like, an object of tensors by name, got Array(1)',
    ],
    [
      'a gradient of no parameter',
      good,
      { ...good, c: tensor([1]) },
      'CONGRUENT_STATE_DICT',
      'Unexpected key(s) in gradients: "c"',
    ],
    [
      'a gradient of another shape',
      good,
      { ...good, b: tensor([1, 2]) },
      'CONGRUENT_SHAPE',
      'b: assigned grad has data of a different size',
    ],
    [
      'a transposed gradient',
      { a: tensor([1, 2], [1, 2]) },
      { a: tensor([1, 2], [2, 1]) },
      'CONGRUENT_SHAPE',
      "expected the parameter's shape [1, 2], got [2, 1]",
    ],
    [
      'a gradient of another type',
      good,
      { ...good, b: wide },
      'CONGRUENT_DTYPE',
      'b: assigned grad has data of a different type',
    ],
    ['a parameter that is no tensor', { a: [1] }, {}, 'CONGRUENT_SHAPE', 'parameters: a must be a tensor'],
    [
      'a gradient of integers',
      good,
      { b: { data: new Int32Array(1), shape: [1] } },
      'CONGRUENT_DTYPE',
      'gradients: b: data must be a Float32Array',
    ],
  ];
  test.each(refused)('refuses %s, and nothing changes', async (_title, parameters, gradients, code, text) => {
    const optimizer = create();
    optimizer.step(good, good);
    const before = optimizer.stateDict();
    await expectCode(() => optimizer.step(parameters as never, gradients as never), code, `.step: `, text);
    expect(optimizer.stateDict()).toEqual(before);
  });

  test('lr takes effect at the next step; what is no number ≥ 0 is refused with CONGRUENT_OPTION', async () => {
    const optimizer = create();
    optimizer.lr = 0;
    expect(optimizer.step({ a: tensor([1]) }, { a: tensor([1]) })).toEqual({ a: tensor([1]) });
    for (const lr of [-1, Number.NaN, Number.POSITIVE_INFINITY, undefined, '1']) {
      await expectCode(
        () => {
          optimizer.lr = lr as number;
        },
        'CONGRUENT_OPTION',
        'Invalid learning rate',
      );
    }
    expect(optimizer.lr).toBe(0);
  });
});

describe('the state', () => {
  test("of Adam: torch's names behind the parameter's", () => {
    const optimizer = new Adam({ betas: [0.5, 0.75] });
    optimizer.step({ 'gru.b': tensor([1, 2]) }, { 'gru.b': tensor([4, -2]) });
    expect(optimizer.stateDict()).toEqual({
      'gru.b.step': tensor(Float64Array.of(1), []),
      'gru.b.exp_avg': tensor([2, -1]),
      'gru.b.exp_avg_sq': tensor([4, 1]),
    });
  });

  test('of SGD: the momentum buffer, only where there is a momentum', () => {
    const optimizer = new SGD({ momentum: 0.5 });
    optimizer.step({ b: tensor([1, 2]) }, { b: tensor([4, -2]) });
    optimizer.step({ b: tensor([1, 2]) }, { b: tensor([4, -2]) });
    expect(optimizer.stateDict()).toEqual({
      'b.step': tensor(Float64Array.of(2), []),
      'b.momentum_buffer': tensor([6, -3]),
    });
    const plain = new SGD();
    plain.step({ b: tensor([1]) }, { b: tensor([1]) });
    expect(Object.keys(plain.stateDict())).toEqual(['b.step']);
  });

  const optimizer = new Adam();
  optimizer.step({ b: tensor([1, 2]) }, { b: tensor([4, -2]) });
  const good = optimizer.stateDict();
  const refused: readonly (readonly [string, unknown, CongruentError['code'], string])[] = [
    ['null', null, 'CONGRUENT_STATE_DICT', 'Adam.loadStateDict must be dict-like'],
    [
      'that of SGD',
      { 'b.momentum_buffer': tensor([1, 2]) },
      'CONGRUENT_STATE_DICT',
      'Unexpected key(s) in state_dict: "b.momentum_buffer"',
    ],
    ['that of a model', { b: tensor([1, 2]) }, 'CONGRUENT_STATE_DICT', 'Unexpected key(s) in state_dict: "b"'],
    [
      'half of a parameter’s',
      { 'b.exp_avg': tensor([1, 2]) },
      'CONGRUENT_STATE_DICT',
      'Missing key(s) in state_dict: "b.step", "b.exp_avg_sq"',
    ],
    [
      'a step of 1.5',
      { ...good, 'b.step': tensor([1.5], []) },
      'CONGRUENT_STATE_DICT',
      'b.step must be one integer ≥ 1, got [1.5]',
    ],
    ['a step of 0', { ...good, 'b.step': tensor([0]) }, 'CONGRUENT_STATE_DICT', 'got [0]'],
    ['two steps', { ...good, 'b.step': tensor([1, 2]) }, 'CONGRUENT_STATE_DICT', 'got [1, 2]'],
    [
      'moments of two shapes',
      { ...good, 'b.exp_avg': tensor([1]) },
      'CONGRUENT_STATE_DICT',
      'must have one shape and one type',
    ],
    [
      'moments of two types',
      { ...good, 'b.exp_avg': tensor(new Float64Array(2)) },
      'CONGRUENT_STATE_DICT',
      'got [2] and float64 and float32',
    ],
    [
      'a list for a tensor',
      { ...good, 'b.exp_avg': [1, 2] },
      'CONGRUENT_SHAPE',
      'Adam.loadStateDict: b.exp_avg must be a tensor',
    ],
  ];
  test.each(refused)('refuses %s, and keeps its own', async (_, dict, code, text) => {
    await expectCode(() => optimizer.loadStateDict(dict as never), code, text);
    expect(optimizer.stateDict()).toEqual(good);
  });

  test('is copied: what was loaded may change afterwards', () => {
    const dict = structuredClone(good);
    const other = new Adam();
    other.loadStateDict(dict);
    for (const { data } of Object.values(dict)) data.fill(9);
    expect(other.stateDict()).toEqual(good);
  });

  test('of another shape or type than the parameter is refused at the step', async () => {
    const step = (parameter: Tensor) => () => optimizer.step({ b: parameter }, { b: parameter });
    await expectCode(
      step(tensor([1, 2], [2, 1])),
      'CONGRUENT_SHAPE',
      "b has shape [2, 1], but the optimizer's state of it [2]",
    );
    await expectCode(
      step(tensor(new Float64Array(2))),
      'CONGRUENT_DTYPE',
      'b has the type float64',
      'state of it float32',
    );
    expect(optimizer.stateDict()).toEqual(good);
  });
});

describe('options', () => {
  const refused: readonly (readonly [string, () => Optimizer, string])[] = [
    ['Adam with learning_rate', () => new Adam({ learning_rate: 1 } as object), "Adam: Unknown option 'learning_rate'"],
    ['AdamW with lr -1', () => new AdamW({ lr: -1 }), 'AdamW: Invalid learning rate'],
    ['Adam with betas of 1', () => new Adam({ betas: [0.9, 1] }), 'Invalid beta parameter'],
    ['Adam with one beta', () => new Adam({ betas: [0.9] as never }), 'two numbers from 0 to below 1, got Array(1)'],
    ['Adam with eps NaN', () => new Adam({ eps: Number.NaN }), 'Invalid epsilon value'],
    ['AdamW with weightDecay -1', () => new AdamW({ weightDecay: -1 }), 'Invalid weight_decay value'],
    ['SGD with momentum -1', () => new SGD({ momentum: -1 }), 'SGD: Invalid momentum value'],
    ['SGD with weightDecay ∞', () => new SGD({ weightDecay: Number.POSITIVE_INFINITY }), 'Invalid weight_decay value'],
    [
      'SGD with dampening null',
      () => new SGD({ dampening: null as never }),
      'Option dampening must be a number, got null',
    ],
    [
      'SGD with nesterov alone',
      () => new SGD({ nesterov: true }),
      'Nesterov momentum requires a momentum and zero dampening',
    ],
    ['SGD with nesterov and dampening', () => new SGD({ nesterov: true, momentum: 1, dampening: 1 }), 'zero dampening'],
    ['SGD with null for the options', () => new SGD(null as never), 'options must be an object'],
  ];
  test.each(refused)('%s is refused with CONGRUENT_OPTION', (_, create, text) =>
    expectCode(create, 'CONGRUENT_OPTION', text),
  );

  test("defaults are torch's", () => {
    expect([new Adam().lr, new AdamW().lr, new SGD().lr]).toEqual([1e-3, 1e-3, 1e-3]);
  });
});

test('with no weight decay an infinite parameter stays infinite', () => {
  const infinite = { a: tensor([Number.POSITIVE_INFINITY]) };
  for (const optimizer of [new Adam(), new SGD(), new SGD({ momentum: 0.9 })]) {
    expect(optimizer.step(infinite, { a: tensor([1]) })).toEqual(infinite);
  }
});
