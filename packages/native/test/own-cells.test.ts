import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import build, { cellsIn, GENERATED } from '../build/index.ts';
import type { Addon } from '../src/addon.ts';
import { MINUTES } from './harness.ts';

afterEach(() => vi.unstubAllEnvs());

/** What the emitter made of two cells, as `congruent generate` hands it over. */
const cells = cellsIn(GENERATED)
  .filter(({ name }) => name.startsWith('rnn'))
  .map(({ name, paths }) => ({
    name,
    files: [
      { path: `${name}.js`, text: 'export {};' },
      ...paths.map((path) => ({ path: basename(path), text: readFileSync(path, 'utf8') })),
    ],
  }));

test('an addon is built of each cell, named after it and the platform, and has that cell alone', {
  timeout: MINUTES,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'congruent-own-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const built = await build(cells);
  const platform = `${process.platform}-${process.arch}`;
  expect(built.map(({ path }) => path)).toEqual(cells.map(({ name }) => `${name}.${platform}.node`));
  for (const { path, bytes } of built) {
    writeFileSync(join(folder, path), bytes);
    const addon = createRequire(import.meta.url)(join(folder, path)) as Addon;
    const opened = cells.map(({ name }) =>
      addon.open(name, 'float32', addon.variants[0]!, [[2, 3], [2], [3], [3], [6, 9, 3, 3]]),
    );
    expect(opened.map((layer) => layer !== undefined)).toEqual(cells.map(({ name }) => path.startsWith(`${name}.`)));
  }
});

test('without a compiler that is said, with the remedies', async () => {
  vi.stubEnv('CC', 'no-such-compiler');
  await expect(build(cells)).rejects.toMatchObject({ code: 'NATIVE_COMPILER' });
});

test('C that the compiler refuses is said with its words and its file', async () => {
  const broken = { name: 'broken', files: [{ path: 'broken.float32.c', text: 'int main(' }] };
  await expect(build([broken])).rejects.toThrow(
    /^NATIVE_COMPILER: .* failed at broken\.float32\.c\..*error: expected/s,
  );
});
