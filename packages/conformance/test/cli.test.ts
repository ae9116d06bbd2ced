/// <reference types="node" />
import { expect, test } from 'vitest';
import { parseArguments, UsageError } from '../src/arguments.ts';
import { missingExports, moduleOf, referenceBackend, runConformance } from '../src/index.ts';
import { printReport } from '../src/table.ts';

test('arguments: module, --json, --device and --option', () => {
  const given = [
    '@congruent/scalar',
    '--json',
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
    help: false,
    options: { device: 'webgpu', threads: 4, simd: false },
  });
});

test.each([[['--nonsense']], [['a', 'b']], [['a', '--device']], [['a', '--option', 'threads']]])(
  'arguments: %s cannot be understood',
  (given) => {
    expect(() => parseArguments(given)).toThrow(UsageError);
  },
);

test('a module that is no backend is named with what it lacks', () => {
  expect(missingExports({ GRU: () => {} })).toContain('backend');
  expect(missingExports(moduleOf(referenceBackend()))).toEqual([]);
});

test('the report names failures with their reasons, and skips are loud', async () => {
  const module = moduleOf(referenceBackend());
  const broken = { ...module, padSequence: () => ({ data: new Float32Array(1), shape: [1] }) };
  const report = await runConformance(() => broken, { select: ({ group }) => group === 'packed sequences' });
  expect(report.failed).toBe(1);
  expect(report.passed + report.failed + report.skipped).toBe(report.total);
  const text = printReport(report);
  expect(text).toMatch(/FAILED P4: packPaddedSequence/);
  expect(text).toMatch(/padSequence: got \[0\], expected \[1, 2, 3, 4, 5, 9, 6, 9, 9\]/);
  expect(text).toContain(`${report.skipped} SKIPPED`);
});
