import { CongruentError, tensor } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';
import { Longer, revoked, throwing } from '../../../tools/testing/hostile.ts';
import {
  Adam,
  clipGradNorm,
  crossEntropy,
  joinStateDicts,
  Linear,
  mseLoss,
  SGD,
  shuffledBatches,
  splitStateDict,
  takeRows,
} from '../src/index.ts';

const batch = { batchSize: 2, epoch: 0 };
const dict = () => ({ 'a.b': tensor([1, 2]) });
const VALUES: Readonly<Record<string, () => never>> = {
  'a revoked proxy': () => revoked(),
  'a revoked array': () => revoked([]),
  'an object that throws': () => throwing(),
  'an array that throws': () => throwing([1]),
  'a symbol': () => Symbol('s') as never,
  'a big integer': () => 3n as never,
};

const CALLS: Readonly<Record<string, (value: never) => unknown>> = {
  'shuffledBatches, length': (value) => shuffledBatches(value, batch),
  'shuffledBatches, options': (value) => shuffledBatches(4, value),
  'shuffledBatches, batchSize': (value) => shuffledBatches(4, { ...batch, batchSize: value }),
  'splitStateDict, dict': (value) => splitStateDict(value, ['a']),
  'splitStateDict, parts': (value) => splitStateDict(dict(), value),
  'splitStateDict, a part': (value) => splitStateDict(dict(), [value]),
  'joinStateDicts, dicts': (value) => joinStateDicts(value),
  'joinStateDicts, a dict': (value) => joinStateDicts({ a: value }),
  'Adam, betas': (value) => new Adam({ betas: value }),
  'takeRows, rows': (value) => takeRows(tensor([1, 2, 3]), value),
  'Linear, options': (value) => new Linear(value),
  'Linear.forward': (value) => new Linear({ inFeatures: 2, outFeatures: 2 }).forward(value),
  'Linear.loadStateDict': (value) => new Linear({ inFeatures: 2, outFeatures: 2 }).loadStateDict(value),
  'Adam, options': (value) => new Adam(value),
  'Adam.step, parameters': (value) => new Adam({ lr: 0.1 }).step(value, {}),
  'Adam.step, gradients': (value) => new Adam({ lr: 0.1 }).step(dict(), value),
  'Adam.step, a gradient': (value) => new Adam({ lr: 0.1 }).step(dict(), { 'a.b': value }),
  'SGD, options': (value) => new SGD(value),
  'clipGradNorm, gradients': (value) => clipGradNorm(value, { maxNorm: 1 }),
  'clipGradNorm, norm': (value) => clipGradNorm(dict(), { maxNorm: value }),
  'mseLoss, output': (value) => mseLoss(value, tensor([1])),
  'mseLoss, target': (value) => mseLoss(tensor([1]), value),
  'crossEntropy, logits': (value) => crossEntropy(value, [0]),
  'crossEntropy, targets': (value) => crossEntropy(tensor([[1, 2]]), value),
  'crossEntropy, a target': (value) => crossEntropy(tensor([[1, 2]]), [value]),
};

describe.each(Object.entries(CALLS))('%s', (_, call) => {
  test.each(Object.entries(VALUES))('%s: an error with a code', (__, value) => {
    expect(() => call(value())).toThrow(CongruentError);
  });
});

test('an array that says that it is longer than it is', () => {
  const longer = { data: new Longer(4), shape: [2, 2] } as never;
  const linear = new Linear({ inFeatures: 2, outFeatures: 2 });
  for (const call of [() => linear.forward(longer), () => clipGradNorm({ a: longer }, { maxNorm: 1 })]) {
    expect(call).toThrow(/CONGRUENT_SHAPE.*invalid for input of size 4/);
  }
});

test('2⁵³ − 1 examples are refused at once', () =>
  expect(() => shuffledBatches(2 ** 53 - 1, batch)).toThrow(/CONGRUENT_OPTION.*at most 100,000,000/));
