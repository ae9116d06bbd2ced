import { type CongruentError, type StateDict, tensor } from '@congruent/runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectCode } from '../../runtime/test/expect-code.ts';
import { joinStateDicts, splitStateDict } from '../src/index.ts';

const part = fc.string({ minLength: 1 }).filter((name) => !name.includes('.'));
const parts = fc.dictionary(part, fc.dictionary(fc.string(), fc.constant(tensor([1]))));

test('what was joined is split into the same parts, also those with nothing in them', () => {
  fc.assert(
    fc.property(parts, (dicts) => {
      const joined = joinStateDicts(dicts);
      expect(splitStateDict(joined, Object.keys(dicts))).toEqual({ ...dicts });
    }),
    { seed: 1 },
  );
});

test("names are the part's, a dot, and the parameter's, as those of a torch module", () => {
  const dict = { weight: tensor([1]) };
  const joined = joinStateDicts({
    gru: { weight_ih_l0: tensor([2]) },
    head: dict,
    optimizer: { 'gru.b.step': tensor([3]) },
  });
  expect(Object.keys(joined)).toEqual(['gru.weight_ih_l0', 'head.weight', 'optimizer.gru.b.step']);
  expect(joined['head.weight']).toBe(dict.weight);
  expect(splitStateDict(joined, ['optimizer', 'head', 'gru']).optimizer).toEqual({ 'gru.b.step': tensor([3]) });
});

const one = { a: tensor([1]) };
const refused: readonly (readonly [string, () => unknown, CongruentError['code'], string])[] = [
  [
    'a part with a dot',
    () => joinStateDicts({ 'a.b': one }),
    'CONGRUENT_STATE_DICT',
    'joinStateDicts: a part\'s name must not be empty or have a dot, got "a.b"',
  ],
  ['a part without a name', () => joinStateDicts({ '': one }), 'CONGRUENT_STATE_DICT', 'got ""'],
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
    'a name of no part',
    () => splitStateDict({ 'gru.a': tensor([1]), 'head.a': tensor([1]) }, ['gru']),
    'CONGRUENT_STATE_DICT',
    'Unexpected key(s) in state_dict: "head.a". Each name must begin with one of the parts and a dot; the parts are "gru".',
  ],
  [
    'a name without a dot',
    () => splitStateDict(one, ['a']),
    'CONGRUENT_STATE_DICT',
    'Unexpected key(s) in state_dict: "a"',
  ],
  ['a name that begins with a dot', () => splitStateDict({ '.a': tensor([1]) }, ['a']), 'CONGRUENT_STATE_DICT', '".a"'],
  [
    'a list',
    () => splitStateDict([] as unknown as StateDict, ['a']),
    'CONGRUENT_STATE_DICT',
    'splitStateDict must be dict-like',
  ],
];
test.each(refused)('refuses %s', (_, act, code, text) => expectCode(act, code, text));
