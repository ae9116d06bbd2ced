import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { cellsIn, GENERATED } from '../build/index.ts';
import { cellNames } from './cases.ts';
import { ALIKE, absent, compilerNamed, EXTREMES, exactVariants, MINUTES, NOT_RUN_HERE, runHarness } from './harness.ts';

/** What is tested of each compiler; without the compiler, one test that says so. */
const HOST = ['gcc', 'clang'].flatMap((cc): readonly (readonly [cc: string, variant: string])[] => {
  const compiler = compilerNamed(cc);
  if (!compiler) return [[cc, 'every variant']];
  const variants = exactVariants(compiler).filter((name) => cc === 'gcc' || EXTREMES.includes(name));
  return variants.map((variant) => [cc, variant]);
});

test('the recorded cases are of all cells of the classes', () => {
  expect(cellsIn(GENERATED).map(({ name }) => name)).toEqual(cellNames);
});

test.for(HOST)(
  'what %s makes, without a warning, has the bits of @congruent/scalar: %s',
  { timeout: MINUTES },
  async ([cc, variant], context) => {
    const compiler = compilerNamed(cc);
    if (!compiler) return absent(context, cc);
    const { printed, exitCode } = await runHarness(compiler, variant);
    if (exitCode === NOT_RUN_HERE) context.skip(`this processor has no ${variant}`);
    expect(printed).toMatch(ALIKE);
  },
);

test('neon, on an emulated 64-bit ARM processor, has the bits of @congruent/scalar', {
  timeout: MINUTES,
}, async (context) => {
  const compiler = compilerNamed('aarch64-linux-gnu-gcc');
  if (!compiler) return absent(context, 'aarch64-linux-gnu-gcc');
  const emulator = 'qemu-aarch64-static';
  if (spawnSync(emulator, ['--version']).status !== 0) return absent(context, emulator);
  const { printed } = await runHarness(compiler, 'neon', [], [emulator]);
  expect(printed).toMatch(ALIKE);
});
