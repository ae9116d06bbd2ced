import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { wabtVersion } from '../../../tools/engines/engines.mjs';
import { inputSize, outputSize, series, streamed } from './engine-model.ts';
import { engineFiles } from './exported.ts';

/** Reads and writes the memory of the model from outside, as a host in C does. */
const HOST = `(module
  (import "model" "memory" (memory 1))
  (func (export "write") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "read") (param i32) (result i32) (i32.load (local.get 0))))`;

const STEPS = 4;

const bitsOf = (values: Float32Array): Int32Array => new Int32Array(values.slice().buffer);

/** The tests of WebAssembly's own suite are such scripts: calls with what they must give. */
function scriptFor(bytes: Uint8Array): string {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  const { input, output } = exports as Record<'input' | 'output', () => number>;
  const [x, y] = [input(), output()];
  const values = series(STEPS);
  const [given, wanted] = [bitsOf(values), bitsOf(streamed(values))];
  const binary = Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  const write = (bits: number, at: number): string => `(invoke $host "write" (i32.const ${at}) (i32.const ${bits}))`;
  const steps = Array.from({ length: STEPS }, (_, t) => [
    ...Array.from(given.subarray(t * inputSize, (t + 1) * inputSize), (bits, i) => write(bits, x + 4 * i)),
    '(invoke $model "step")',
    ...Array.from(wanted.subarray(t * outputSize, (t + 1) * outputSize), (bits, i) => {
      return `(assert_return (invoke $host "read" (i32.const ${y + 4 * i})) (i32.const ${bits}))`;
    }),
  ]);
  const start = [
    `(module $model binary "${binary}")`,
    '(register "model" $model)',
    HOST.replace('(module', '(module $host'),
    `(assert_return (invoke $model "input") (i32.const ${x}))`,
    '(invoke $model "reset")',
  ];
  return [...start, ...steps.flat(), '(invoke $model "reset")', ...steps[0]!].join('\n');
}

const version = wabtVersion();

test.skipIf(version === undefined && !process.env['CI']).each([
  ['with SIMD', true, []],
  [
    'without SIMD, as an engine of WebAssembly 1.0',
    false,
    ['--disable-simd', '--disable-bulk-memory', '--disable-reference-types'],
  ],
] as const)("wabt's interpreter runs an exported model %s, with the bits of a stream", (_, simd, flags) => {
  expect(version, 'wabt is not installed: apt-get install wabt').toBeDefined();
  const folder = mkdtempSync(join(tmpdir(), 'congruent-wabt-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'model.wast'), scriptFor(engineFiles(simd).bytes));
  const run = (name: string, ...args: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(name, [...flags, ...args], { cwd: folder, encoding: 'utf8' });
    return `${stdout}${stderr}`;
  };
  expect(run('wast2json', 'model.wast', '-o', 'model.json')).toBe('');
  // Two modules, the calls before the steps, and for each step what is called and what it must give.
  const tests = 5 + (STEPS + 1) * (inputSize + 1 + outputSize);
  expect(run('spectest-interp', 'model.json').trimEnd().split('\n').at(-1)).toBe(`${tests}/${tests} tests passed.`);
});
