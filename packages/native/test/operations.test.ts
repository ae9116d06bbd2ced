import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { C, findCompiler, runCompiler, variantsFor } from '../build/index.ts';
import { packageAddon } from '../src/load.ts';
import { WARNINGS } from './harness.ts';

const SOURCE = fileURLToPath(new URL('harness/operations.c', import.meta.url));
const FOLDER = fileURLToPath(new URL('../build/operations/', import.meta.url));

const compiler = findCompiler();
const here = packageAddon().variants;
const variants = variantsFor(compiler.arch).filter(({ name }) => here.includes(name));

describe.each(variants)('$name', ({ name, flags }) => {
  test.each([32, 64])(
    'operations on vectors of %d-bit numbers are those on numbers, NaN and both zeros too',
    async (bits) => {
      mkdirSync(FOLDER, { recursive: true });
      const program = `${FOLDER}${name}.${bits}`;
      const all = [
        '-std=gnu11',
        '-O2',
        '-ffp-contract=off',
        ...WARNINGS,
        ...flags,
        `-DCONGRUENT_DTYPE=${bits}`,
        `-I${C}`,
      ];
      await runCompiler(compiler, [...all, SOURCE, '-o', program, '-lm'], 'operations.c');
      expect(spawnSync(program, { encoding: 'utf8' }).stdout).toBe('0 different\n');
    },
    120_000,
  );
});
