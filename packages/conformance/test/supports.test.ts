import { type Arithmetic, float32 } from '@congruent/codegen';
import type { Supports } from '@congruent/runtime';
import { expect, test } from 'vitest';
import {
  type BackendModule,
  type Check,
  type ReferenceOptions,
  referenceModule,
  runConformance,
} from '../src/index.ts';

/** Little enough to try every lie, and enough to find it. */
const quick = ({ cost }: Check): boolean => cost <= 400;

/** A backend that can do one thing and says another. */
const lying = (does: ReferenceOptions, says: Partial<Supports>): BackendModule => {
  const module = referenceModule(does);
  return { ...module, backend: { ...module.backend, supports: { ...module.backend.supports, ...says } } };
};

const flushed = (value: number): number => (Math.abs(value) < 2 ** -126 ? 0 : value);
/** Subnormal results and operands become 0. */
const flushing: Arithmetic<number> = {
  ...float32,
  binary: (operator, left, right) => flushed(float32.binary(operator, flushed(left), flushed(right))),
};
/** Becomes something else than 0. */
const wrong: Arithmetic<number> = {
  ...float32,
  binary: (operator, left, right) => {
    const value = float32.binary(operator, left, right);
    return value !== 0 && flushed(value) === 0 ? 2 ** -100 : value;
  },
};
const exact: Arithmetic<number> = {
  ...float32,
  dot: (row, vector) => Math.fround(row.reduce((sum, value, k) => sum + value * vector[k]!, 0)),
};
const no = { deterministic: false, subnormals: false } as const;

test.each<[string, ReferenceOptions, Partial<Supports>, RegExp]>([
  ['sync that is not there', { supports: { sync: false } }, { sync: true }, /^C10: /],
  ['no sync that is there', {}, { sync: false }, /^C10: /],
  ['float64 that is not there', { supports: { float64: false } }, { float64: true }, /^C9: float64 where/],
  ['no float64 that is there', {}, { float64: false }, /^C9: float64 where/],
  ['training that is not there', { supports: { training: false } }, { training: true }, /^C11: /],
  ['no training that is there', {}, { training: false }, /^C11: /],
  ['relaxed that is not there', {}, { relaxed: true }, /^C31: /],
  ['an option for relaxed that is not there', {}, { relaxed: false }, /^C31: /],
  ['bits that are not those', { arithmetic: { float32: exact } }, { deterministic: true }, /C25: any sequence/],
  ['subnormals that become 0', { arithmetic: { float32: flushing } }, { subnormals: true }, /^C32: /],
  ['no subnormals, where they become something else', { arithmetic: { float32: wrong }, supports: no }, no, /^C32: /],
])('a backend that says it has %s is noticed', async (_, does, says, title) => {
  const { results } = await runConformance(() => lying(does, says), {
    select: (check) => quick(check) && title.test(check.title),
  });
  expect(results.filter(({ status }) => status === 'failed').map((result) => result.title)).toContainEqual(
    expect.stringMatching(title),
  );
});

test('a backend that says that it may lose what it keeps is right', async () => {
  const { failed } = await runConformance(() => lying({}, no), {
    select: ({ title }) => /^C32|C25: any sequence/.test(title),
  });
  expect(failed).toBe(0);
});

test.each([
  ['another name than its layers', { name: 'another' }, false],
  ['names of which theirs is none', { backends: ['first', 'second'] }, false],
  ['names of which theirs is one', { name: 'choice', backends: ['first', referenceModule({}).backend.name] }, true],
])('a backend that says %s is noticed where they are wrong', async (_, says, right) => {
  const module = referenceModule({});
  const told = { ...module, backend: { ...module.backend, ...says } };
  const { passed, failed } = await runConformance(() => told, { select: ({ title }) => title.includes('C33: ') });
  expect([passed > 0, failed > 0]).toEqual([right, !right]);
});
