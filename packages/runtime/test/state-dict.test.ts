import { describe, expect, test } from 'vitest';
import { type StateDict, tensor } from '../src/index.ts';
import { defined } from './defined.ts';
import { expectCode } from './expect-code.ts';
import { linearBackend } from './linear-backend.ts';

const { backend, probe } = linearBackend('sync');
const { GRU, GRUCell } = defined(backend);
const sizes = { inputSize: 2, hiddenSize: 3 } as const;
const filled = (shape: number[], value: number) =>
  tensor(new Float32Array(shape.reduce((a, b) => a * b)).fill(value), shape);
const without = (dict: StateDict, ...names: string[]): StateDict =>
  Object.fromEntries(Object.entries(dict).filter(([name]) => !names.includes(name)));

test("names, order and shapes are torch's: 2 layers, bidirectional", () => {
  const dict = GRU.createSync({ ...sizes, numLayers: 2, bidirectional: true }).stateDict();
  const shapes = (layer: string, I: number): [string, number[]][] => [
    [`weight_ih_${layer}`, [3, I]],
    [`weight_hh_${layer}`, [3, 3]],
    [`bias_ih_${layer}`, [3]],
    [`bias_hh_${layer}`, [3]],
  ];
  const expected = [...shapes('l0', 2), ...shapes('l0_reverse', 2), ...shapes('l1', 6), ...shapes('l1_reverse', 6)];
  expect(Object.entries(dict).map(([name, { shape }]) => [name, shape])).toEqual(expected);
});

test('bias false: no biases in the dict, and the cell gets zeros', async () => {
  const gru = GRU.createSync({ ...sizes, bias: false });
  expect(Object.keys(gru.stateDict())).toEqual(['weight_ih_l0', 'weight_hh_l0']);
  gru.loadStateDict({ weight_ih_l0: filled([3, 2], 0), weight_hh_l0: filled([3, 3], 0) });
  const { output } = gru.forward(tensor([5, 5], [1, 2]));
  expect([...output.data]).toEqual([0, 0, 0]);
});

test('GRUCell: names without a suffix', () => {
  expect(Object.keys(GRUCell.createSync(sizes).stateDict())).toEqual(['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']);
});

test('stateDict gives copies, loadStateDict takes copies', () => {
  const gru = GRU.createSync(sizes);
  const dict = gru.stateDict();
  const before = dict['bias_ih_l0']!.data[0];
  dict['bias_ih_l0']!.data[0] = 99;
  expect(gru.stateDict()['bias_ih_l0']!.data[0]).toBe(before);
  gru.loadStateDict(dict);
  dict['bias_ih_l0']!.data[0] = 1;
  expect(gru.stateDict()['bias_ih_l0']!.data[0]).toBe(99);
  expect(gru.forward(tensor([0, 0], [1, 2])).output.data[0]).toBe(99);
});

test('a dict goes from one GRU to another and gives the same results', () => {
  const one = GRU.createSync({ ...sizes, numLayers: 2, bidirectional: true, seed: 1 });
  const two = GRU.createSync({ ...sizes, numLayers: 2, bidirectional: true, seed: 2 });
  const x = tensor([1, 2, 3, 4], [2, 2]);
  expect(two.forward(x)).not.toEqual(one.forward(x));
  expect(two.loadStateDict(one.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
  expect(two.forward(x)).toEqual(one.forward(x));
});

test('a float64 dict is rounded for a float32 GRU, and a float32 dict is exact in a float64 one', () => {
  const wide = GRU.createSync({ ...sizes, dtype: 'float64', seed: 3 });
  const narrow = GRU.createSync(sizes);
  narrow.loadStateDict(wide.stateDict());
  const rounded = narrow.stateDict();
  expect(rounded['weight_ih_l0']!.data).toEqual(new Float32Array(wide.stateDict()['weight_ih_l0']!.data));
  wide.loadStateDict(rounded);
  expect(wide.stateDict()['weight_ih_l0']!.data).toEqual(new Float64Array(rounded['weight_ih_l0']!.data));
});

describe('loadStateDict refuses with CONGRUENT_STATE_DICT and changes nothing:', () => {
  const gru = GRU.createSync({ ...sizes, numLayers: 2 });
  const good = GRU.createSync({ ...sizes, numLayers: 2, seed: 8 }).stateDict();
  const refused = (title: string, dict: unknown, ...texts: string[]): void => {
    test(title, async () => {
      const before = gru.stateDict();
      await expectCode(() => gru.loadStateDict(dict as StateDict), 'CONGRUENT_STATE_DICT', ...texts);
      expect(gru.stateDict()).toEqual(before);
    });
  };
  refused(
    'everything that is wrong at once, as torch words and orders it',
    {
      ...without(good, 'weight_ih_l1', 'bias_hh_l1'),
      foo: filled([1], 0),
      bar: filled([1], 0),
      weight_ih_l0: filled([3, 4], 0),
    },
    'Error(s) in loading state_dict for GRU:\n\t' +
      'Missing key(s) in state_dict: "weight_ih_l1", "bias_hh_l1". \n\t' +
      'Unexpected key(s) in state_dict: "foo", "bar". \n\t' +
      'size mismatch for weight_ih_l0: copying a param with shape torch.Size([3, 4]) from checkpoint, ' +
      'the shape in current model is torch.Size([3, 2]).',
    'Nothing was loaded.',
  );
  refused('a transposed matrix', { ...good, weight_ih_l0: filled([2, 3], 0) }, 'size mismatch for weight_ih_l0');
  refused('a matrix as a vector', { ...good, weight_ih_l0: filled([6], 0) }, 'torch.Size([6])');
  refused(
    'the last parameter wrong, after all others were read',
    { ...good, bias_hh_l1: filled([4], 0) },
    'bias_hh_l1',
  );
  refused(
    'an array for a tensor',
    { ...good, bias_ih_l0: [1, 2, 3] },
    'While copying the parameter named "bias_ih_l0"',
    'Array(3)',
  );
  refused('null for a tensor', { ...good, bias_ih_l0: null }, 'got null');
  refused('integers', { ...good, bias_ih_l0: { data: new Int32Array(3), shape: [3] } }, 'Float32Array');
  refused(
    'data of another length than its shape',
    { ...good, bias_ih_l0: { data: new Float32Array(2), shape: [3] } },
    'bias_ih_l0',
  );
  refused('null', null, 'Expected state_dict to be dict-like, got null');
  refused('a number', 3, 'Expected state_dict to be dict-like, got 3');
  refused('an array', [good], 'Expected state_dict to be dict-like');
  refused('names inherited from a prototype', Object.create(good), 'Missing key(s)');
  refused(
    'a whole model’s checkpoint, naming the prefix to pass',
    Object.fromEntries(Object.entries(good).map(([name, value]) => [`encoder.gru.${name}`, value])),
    `behind a prefix: pass { prefix: "encoder.gru." }`,
  );
});

test('GRUCell: the message names GRUCell', () =>
  expectCode(
    () => GRUCell.createSync(sizes).loadStateDict({}),
    'CONGRUENT_STATE_DICT',
    'Error(s) in loading state_dict for GRUCell:',
  ));

test('strict false: skips and names what is missing and unknown, and loads the rest', () => {
  const gru = GRU.createSync(sizes);
  const kept = gru.stateDict()['weight_hh_l0'];
  const dict = { ...without(gru.stateDict(), 'weight_hh_l0'), bias_ih_l0: filled([3], 7), other: filled([1], 0) };
  expect(gru.loadStateDict(dict, { strict: false })).toEqual({
    missingKeys: ['weight_hh_l0'],
    unexpectedKeys: ['other'],
  });
  expect(gru.stateDict()['weight_hh_l0']).toEqual(kept);
  expect([...gru.stateDict()['bias_ih_l0']!.data]).toEqual([7, 7, 7]);
});

test('strict false: a wrong shape is refused all the same, as in torch', () =>
  expectCode(
    () => GRU.createSync(sizes).loadStateDict({ bias_ih_l0: filled([4], 0) }, { strict: false }),
    'CONGRUENT_STATE_DICT',
    'size mismatch for bias_ih_l0',
  ));

test('strict 1 is refused with CONGRUENT_OPTION', () =>
  expectCode(
    () => GRU.createSync(sizes).loadStateDict({}, { strict: 1 } as object),
    'CONGRUENT_OPTION',
    'Option strict',
  ));

test('__proto__ in a dict is a name like any other', () =>
  expectCode(
    () => GRU.createSync(sizes).loadStateDict(JSON.parse('{"__proto__": {"weight_ih_l0": 1}}')),
    'CONGRUENT_STATE_DICT',
    'Unexpected key(s) in state_dict: "__proto__"',
  ));

test('where the backend fails to load, the parameters are those of before, and it can be tried again', () => {
  const gru = GRU.createSync({ ...sizes, numLayers: 2 });
  const other = GRU.createSync({ ...sizes, numLayers: 2, seed: 4 }).stateDict();
  const x = tensor([1, 2], [1, 2]);
  const before = [gru.stateDict(), gru.forward(x)];
  const load = probe.log.filter((name) => name === 'load').length;
  probe.fail = 'load';
  expect(() => gru.loadStateDict(other)).toThrow('load failed');
  expect(probe.log.filter((name) => name === 'load').length).toBe(load + 2);
  expect([gru.stateDict(), gru.forward(x)]).toEqual(before);
  gru.loadStateDict(other);
  expect(gru.stateDict()).toEqual(other);
});
