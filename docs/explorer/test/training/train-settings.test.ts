import { expect, test } from 'vitest';
import type { Settings } from '../../src/explorer.ts';
import { choicesIn, integerIn, keep } from '../../src/training/train-settings.ts';

function settingsOf(values: Map<string, string>): Settings {
  return {
    get: (name) => values.get(name),
    set(name, text) {
      if (text === undefined) values.delete(name);
      else values.set(name, text);
    },
    onFollowed() {},
  };
}

const usual = { task: 'adding', steps: 20, sizes: {}, seed: 0, learningRate: 0.01 };

test('what is usual is not in the address', () => {
  const values = new Map<string, string>();
  expect(choicesIn(settingsOf(values))).toEqual(usual);
  keep(settingsOf(values), usual);
  expect(values.size).toBe(0);
});

test('what is written is read back', () => {
  const values = new Map<string, string>();
  const choices = { task: 'text', steps: 12, sizes: { H: 24, 'p1.H': 8 }, seed: 7, learningRate: 0.0032 };
  keep(settingsOf(values), choices);
  expect(Object.fromEntries(values)).toEqual({
    'train.task': 'text',
    'train.steps': '12',
    'train.sizes': 'H-24-p1.H-8',
    'train.seed': '7',
    'train.rate': '0.0032',
  });
  expect(choicesIn(settingsOf(values))).toEqual(choices);
  keep(settingsOf(values), usual);
  expect(values.size).toBe(0);
});

test.each([
  ['task', 'nonsense', usual],
  ['steps', '1000000', { ...usual, steps: 200 }],
  ['steps', '-3', { ...usual, steps: 4 }],
  ['steps', '2.5', usual],
  ['sizes', 'H-9999', { ...usual, sizes: { H: 128 } }],
  ['sizes', 'H-0', { ...usual, sizes: { H: 1 } }],
  ['sizes', '!?-', usual],
  ['seed', '-1', usual],
  ['seed', 'NaN', usual],
  ['rate', '1e9', usual],
  ['rate', '-1', usual],
  ['rate', 'Infinity', usual],
])('what somebody wrote by hand stays within bounds: train.%s=%s', (name, text, wanted) => {
  expect(choicesIn(settingsOf(new Map([[`train.${name}`, text]])))).toEqual(wanted);
});

test('what is no integer becomes the usual one, within the bounds of the field', () => {
  expect(['2.5', '', '7'].map((text) => integerIn(text, 4, 200, 1))).toEqual([4, 4, 7]);
});
