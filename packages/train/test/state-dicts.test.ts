import { type CongruentError, type StateDict, tensor } from '@congruent/runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectCode } from '../../runtime/test/expect-code.ts';
import { joinStateDicts, splitStateDict } from '../src/index.ts';

const part = fc.string({ minLength: 1 }).filter((name) => !name.includes('.'));
const dicts = fc.dictionary(part, fc.dictionary(fc.string(), fc.constant(tensor([1])), { minKeys: 1 }));

test('what was joined is split into the same parts', () => {
  fc.assert(
    fc.property(dicts, (parts) => {
      const joined = joinStateDicts(parts);
      expect(splitStateDict(joined, Object.keys(parts))).toEqual({ ...parts });
    }),
    { seed: 1 },
  );
});

test('of a whole model the parts that are asked for, however nested, of any element type', () => {
  const counter = { data: BigInt64Array.of(7n), shape: [], dtype: 'int64' } as const;
  const [weight, other] = [tensor([1]), tensor([2])];
  const model = {
    'encoder.rnn.weight_ih_l0': weight,
    'encoder.norm.num_batches_tracked': counter,
    'encoder.rnnx.weight': other,
    'decoder.weight': other,
  };
  const split = splitStateDict(model, ['encoder.rnn', 'encoder.norm', 'encoder']);
  expect(split['encoder.rnn']).toEqual({ weight_ih_l0: weight });
  expect(split['encoder.norm']['num_batches_tracked']).toBe(counter);
  expect(Object.keys(split.encoder)).toEqual(['rnn.weight_ih_l0', 'norm.num_batches_tracked', 'rnnx.weight']);
  expect(Object.keys(split)).toEqual(['encoder.rnn', 'encoder.norm', 'encoder']);
});

test('parts of nested names are joined', () => {
  const joined = joinStateDicts({ 'encoder.rnn': { a: tensor([1]) }, encoder: { b: tensor([2]) } });
  expect(Object.keys(joined)).toEqual(['encoder.rnn.a', 'encoder.b']);
});

test("names are the part's, a dot, and the parameter's, as those of a torch module", () => {
  const dict = { weight: tensor([1]) };
  const joined = joinStateDicts({
    gru: { weight_ih_l0: tensor([2]) },
    head: dict,
    optimizer: { 'gru.b.step': tensor([3]) },
  });
  expect(Object.keys(joined)).toEqual(['gru.weight_ih_l0', 'head.weight', 'optimizer.gru.b.step']);
  expect(joined['head.weight']!.data).toBe(dict.weight.data);
  expect(splitStateDict(joined, ['optimizer', 'head', 'gru']).optimizer).toEqual({ 'gru.b.step': tensor([3]) });
});

const one = { a: tensor([1]) };
const refused: readonly (readonly [string, () => unknown, CongruentError['code'], string])[] = [
  [
    'a name that two parts give',
    () => joinStateDicts({ 'a.b': { c: tensor([1]) }, a: { 'b.c': tensor([1]) } }),
    'CONGRUENT_STATE_DICT',
    'joinStateDicts: two parts give "a.b.c"',
  ],
  ['a part without a name', () => joinStateDicts({ '': one }), 'CONGRUENT_STATE_DICT', 'must not be empty'],
  [
    'a tensor for a part',
    () => joinStateDicts({ a: tensor([1]) as never }),
    'CONGRUENT_SHAPE',
    'joinStateDicts: a: data must be a tensor',
  ],
  [
    'null for a part',
    () => joinStateDicts({ a: null as never }),
    'CONGRUENT_STATE_DICT',
    'joinStateDicts: a must be dict-like',
  ],
  [
    'null for the parts',
    () => joinStateDicts(null as never),
    'CONGRUENT_STATE_DICT',
    'joinStateDicts must be dict-like',
  ],
  [
    'a part of which there is nothing, listing what there is',
    () => splitStateDict({ 'gru.a': tensor([1]), 'enc.rnn.a': tensor([1]), 'enc.rnn.b': tensor([1]) }, ['gru', 'rnn']),
    'CONGRUENT_STATE_DICT',
    'splitStateDict: no name begins with "rnn.". The dict has parts of these names: "gru", "enc.rnn".',
  ],
  [
    'a part of a dict of one module',
    () => splitStateDict(one, ['a']),
    'CONGRUENT_STATE_DICT',
    'The dict has 1 names without a part',
  ],
  ['parts that are no array', () => splitStateDict(one, 'a' as never), 'CONGRUENT_OPTION', 'got "a".'],
  ['no parts', () => splitStateDict(one, undefined as never), 'CONGRUENT_OPTION', 'got undefined.'],
  ['a part that is no name', () => splitStateDict(one, ['a', 1 as never]), 'CONGRUENT_OPTION', 'got 1 in it.'],
  ['a part that is empty', () => splitStateDict(one, ['']), 'CONGRUENT_OPTION', 'got "" in it.'],
  [
    'a hole in the parts',
    () => splitStateDict(one, Object.assign(new Array(2), { 0: 'a' })),
    'CONGRUENT_OPTION',
    'got undefined in it.',
  ],
  ['a Map', () => splitStateDict(new Map() as never, ['a']), 'CONGRUENT_STATE_DICT', 'got Map'],
  [
    'a list',
    () => splitStateDict([] as unknown as StateDict, ['a']),
    'CONGRUENT_STATE_DICT',
    'splitStateDict must be dict-like',
  ],
];

test('of a dict with many parts a message lists some', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`layer.${i}.weight`, tensor([1])]));
  expect(() => splitStateDict(many, ['rnn'])).toThrow(/"layer.11" and 4988 more\.$/);
});

test.each(refused)('refuses %s', (_, act, code, text) => expectCode(act, code, text));
