/// <reference types="node" />
import { defineGRU, defineGRUCell } from '@congruent/runtime';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type Check,
  ifAvailable,
  missingExports,
  modesOf,
  referenceBackend,
  referenceModule,
  runModes,
} from '../src/index.ts';
import { parseArguments, UsageError } from '../src/run/arguments.ts';
import { junitOf } from '../src/run/junit.ts';
import { printSummary } from '../src/run/table.ts';

test('arguments: module, --json, --junit, --device and --option', () => {
  const given = [
    '@congruent/scalar',
    '--json',
    '--junit',
    'report.xml',
    '--device',
    'webgpu',
    '--option',
    'threads=4',
    '--option',
    'simd=false',
  ];
  expect(parseArguments(given)).toEqual({
    module: '@congruent/scalar',
    json: true,
    junit: 'report.xml',
    help: false,
    options: { device: 'webgpu', threads: 4, simd: false },
  });
});

test.each([[['--nonsense']], [['a', 'b']], [['a', '--device']], [['a', '--junit']], [['a', '--option', 'threads']]])(
  'arguments: %s cannot be understood',
  (given) => {
    expect(() => parseArguments(given)).toThrow(UsageError);
  },
);

test('a module that is no backend is named with what it lacks', () => {
  expect(missingExports({ GRU: () => {} })).toContain('backend');
  expect(missingExports(referenceModule())).toEqual([]);
});

const broken = () => ({
  ...referenceModule(),
  padSequence: () => ({ data: new Float32Array(1), shape: [1] }),
});
const select = ({ group }: Check): boolean => group === 'packed sequences';

test('a backend of one class is checked by the checks of that class alone', async () => {
  const { GRU, GRUCell, ...rest } = referenceModule();
  const { LSTM, LSTMCell, RNN, RNNCell, ...common } = rest;
  expect(missingExports({ ...common })).toEqual(['GRU or LSTM or RNN']);
  expect(missingExports({ ...common, GRU })).toEqual(['GRUCell (beside GRU)']);
  const { modes } = await runModes({ ...common, GRU, GRUCell }, { select });
  const cells = new Set(modes[0]!.results.map(({ cell }) => cell));
  expect([...cells]).toEqual(['gru', 'gru_reset_before']);
});

test('a class without a cell that an option chooses refuses the option, which is counted', async () => {
  const backend = referenceBackend();
  const ofGru = { GRU: defineGRU({ gru: backend }), GRUCell: defineGRUCell({ gru: backend }) };
  const { LSTM, LSTMCell, RNN, RNNCell, ...rest } = referenceModule();
  const { modes } = await runModes({ ...rest, ...ofGru }, { select });
  const before = modes[0]!.results.filter(
    ({ cell, group }) => cell === 'gru_reset_before' && group === 'packed sequences',
  );
  expect(new Set(before.map(({ status }) => status))).toEqual(new Set(['refused']));
});

test('the report names failures with their reasons, and skips are loud', async () => {
  const summary = await runModes(broken(), { select });
  expect(summary.failed).toBe(1);
  expect(summary.passed + summary.failed + summary.skipped).toBe(summary.total);
  const text = printSummary(summary);
  expect(text).toMatch(/FAILED P4: packPaddedSequence/);
  expect(text).toMatch(/padSequence: got \[0\], expected \[1, 2, 3, 4, 5, 9, 6, 9, 9\]/);
  expect(text).toContain(`${summary.skipped} SKIPPED`);
  expect(text).toMatch(/^gru +\d+ +0 +1 +\d+$/m);
  expect(text).toMatch(/^lstm +\d+ +0 +0 +\d+$/m);
});

test('--junit: the XML, parsed, has every check with its group, what it failed with, and what was skipped', async () => {
  const summary = await runModes(broken(), { select });
  const strange = {
    cell: 'gru',
    group: 'a & b',
    title: '<x> "y" \u0001',
    status: 'failed',
    reason: 'got <1>\n& more',
    milliseconds: 1500,
  } as const;
  const [report] = summary.modes;
  const modes = [{ ...report!, mode: 'math relaxed', results: [...report!.results, strange] }];
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    htmlEntities: true,
  });
  const xml = junitOf({ ...summary, modes });
  expect(XMLValidator.validate(xml)).toBe(true);
  const { testsuites } = parser.parse(xml);
  expect(testsuites).toMatchObject({ name: 'reference', failures: `${summary.failed}`, tests: `${summary.total}` });
  const { testcase, ...suite } = testsuites.testsuite;
  expect(suite).toMatchObject({ name: 'reference, math relaxed', skipped: `${summary.skipped}` });
  expect(testcase.map(({ name }: { name: string }) => name)).toEqual([
    ...report!.results.map(({ title }) => title),
    '<x> "y" \ufffd',
  ]);
  expect(testcase.filter((found: object) => 'skipped' in found)).toHaveLength(summary.skipped);
  expect(testcase.filter((found: object) => 'failure' in found)).toHaveLength(2);
  expect(testcase.at(-1)).toEqual({
    classname: 'reference, math relaxed: a & b',
    name: '<x> "y" \ufffd',
    time: '1.5',
    failure: { message: 'got <1>', '#text': 'got <1>\n& more' },
  });
});

describe('modes are what a backend declares', () => {
  const supports = { sync: true, float64: true, training: true, deterministic: true, subnormals: true };
  const optionsOf = (more: object, given?: Readonly<Record<string, unknown>>) =>
    modesOf({ name: 'any', supports, ...more }, given).map(({ options }) => options);

  test('none but its own', () => {
    expect(optionsOf({})).toEqual([{}]);
    expect(optionsOf({ supports: { ...supports, relaxed: false } })).toEqual([{}]);
    expect(optionsOf({}, { threads: 2 })).toEqual([{ threads: 2 }]);
  });

  test("math: 'relaxed'", () => {
    const relaxed = { supports: { ...supports, relaxed: true } };
    expect(optionsOf(relaxed)).toEqual([{}, { math: 'relaxed' }]);
    expect(optionsOf(relaxed, { math: 'relaxed' })).toEqual([{ math: 'relaxed' }]);
    expect(optionsOf(relaxed, { math: 'exact' })).toEqual([{ math: 'exact' }]);
    expect(optionsOf({}, { math: 'relaxed' })).toEqual([]);
  });

  test('devices', () => {
    const devices = { devices: { one: supports, two: { ...supports, relaxed: true } } };
    expect(optionsOf(devices)).toEqual([{ device: 'one' }, { device: 'two' }, { device: 'two', math: 'relaxed' }]);
    expect(optionsOf(devices, { device: 'one' })).toEqual([{ device: 'one' }]);
    expect(optionsOf(devices, { device: 'auto' })).toEqual([{ device: 'auto' }]);
  });
});

describe('a backend that this machine cannot have', () => {
  const refusal = Object.assign(new Error('OTHER_UNAVAILABLE: there is no such processor.'), {
    code: 'OTHER_UNAVAILABLE',
  });
  const load = () => Promise.reject(refusal);
  afterEach(() => vi.unstubAllEnvs());

  test('is left out with the reason that its import gave', async () => {
    vi.stubEnv('CI', '');
    expect(await ifAvailable(load)).toEqual({ unavailable: refusal.message });
    expect(await ifAvailable(async () => referenceModule())).toEqual({ module: expect.anything() });
  });

  test('is a failure with CI=true', async () => {
    vi.stubEnv('CI', 'true');
    await expect(ifAvailable(load)).rejects.toBe(refusal);
  });

  test('is not what any other error says', async () => {
    vi.stubEnv('CI', '');
    const mistake = new Error('a mistake');
    await expect(ifAvailable(() => Promise.reject(mistake))).rejects.toBe(mistake);
  });
});
