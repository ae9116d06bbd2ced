// What a bug in C would corrupt silently: AddressSanitizer sees every access outside of what was allocated, and
// UndefinedBehaviorSanitizer misaligned ones, overflows of integers and shifts too far.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cellsIn, compileAddon, GENERATED, OBJECTS } from '../build/index.ts';
import {
  ALIKE,
  absent,
  compilerNamed,
  EXTREMES,
  exactVariants,
  MINUTES,
  NOT_RUN_HERE,
  runHarness,
  WARNINGS,
} from './harness.ts';

const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer', '-g'];

/** V8 does not free all it has when a process ends, which is no leak of ours. */
const ASAN_OPTIONS = 'detect_leaks=0';

const gcc = compilerNamed('gcc');
const root = fileURLToPath(new URL('../', import.meta.url));

/** The package as it is built, with an addon that has the sanitizers; gives its main module. */
async function sanitizedPackage(): Promise<string> {
  const folder = join(root, 'build/sanitized');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  const addon = join(folder, `build/${process.platform}-${process.arch}/congruent.node`);
  const source = { compiler: gcc!, cells: cellsIn(GENERATED), objects: OBJECTS };
  await compileAddon({ ...source, variants: EXTREMES, flags: [...WARNINGS, ...SANITIZERS] }, addon);
  return join(folder, 'dist/index.js');
}

test('the whole suite runs without a complaint of the sanitizers', { timeout: MINUTES }, async (context) => {
  if (!gcc || process.platform !== 'linux') return absent(context, 'gcc');
  const library = execFileSync('gcc', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
  const command = join(root, '../conformance/bin/congruent-conformance.js');
  const { stdout, stderr } = spawnSync(process.execPath, [command, await sanitizedPackage(), '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, NODE_OPTIONS: '', LD_PRELOAD: library, ASAN_OPTIONS },
  });
  expect(stderr).toBe('');
  const { passed, total } = JSON.parse(stdout) as { passed: number; total: number };
  expect(total).toBeGreaterThan(100);
  expect(passed).toBe(total);
});

test.for(gcc ? exactVariants(gcc).filter((name) => EXTREMES.includes(name)) : [])(
  'the recorded cases run without a complaint of the sanitizers, each buffer by itself: %s',
  { timeout: MINUTES },
  async (variant, { skip }) => {
    const { printed, exitCode } = await runHarness(gcc!, variant, SANITIZERS);
    if (exitCode === NOT_RUN_HERE) skip(`this processor has no ${variant}`);
    expect(printed).toMatch(ALIKE);
  },
);
