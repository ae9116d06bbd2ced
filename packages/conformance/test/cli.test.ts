/// <reference types="node" />
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { type Check, missingExports, modesOf, moduleOf, referenceBackend, runModes } from '../src/index.ts';
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
  expect(missingExports(moduleOf(referenceBackend()))).toEqual([]);
});

const broken = () => ({
  ...moduleOf(referenceBackend()),
  padSequence: () => ({ data: new Float32Array(1), shape: [1] }),
});
const select = ({ group }: Check): boolean => group === 'packed sequences';

test('the report names failures with their reasons, and skips are loud', async () => {
  const summary = await runModes(broken(), { select });
  expect(summary.failed).toBe(1);
  expect(summary.passed + summary.failed + summary.skipped).toBe(summary.total);
  const text = printSummary(summary);
  expect(text).toMatch(/FAILED P4: packPaddedSequence/);
  expect(text).toMatch(/padSequence: got \[0\], expected \[1, 2, 3, 4, 5, 9, 6, 9, 9\]/);
  expect(text).toContain(`${summary.skipped} SKIPPED`);
});

test('--junit: the XML, parsed, has every check with its group, what it failed with, and what was skipped', async () => {
  const summary = await runModes(broken(), { select });
  const strange = {
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
