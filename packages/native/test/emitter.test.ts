import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { compile, type EmittedFile, signatureOf } from '@congruent/codegen';
import { emitterConformance } from '@congruent/conformance';
import { hostBackend, hostTraining } from '@congruent/runtime';
import { gru } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import { beforeAll, expect, test } from 'vitest';
import { compileAddon, findCompiler, OBJECTS } from '../build/index.ts';
import emitter from '../codegen/index.ts';
import type { Addon } from '../src/addon.ts';
import { backend } from '../src/index.ts';
import { nativeKernels } from '../src/kernels.ts';
import { packageAddon } from '../src/load.ts';
import { guardedMemory } from './guarded-memory.ts';
import { WARNINGS } from './harness.ts';

const { supports } = backend;
const FOLDER = fileURLToPath(new URL('../build/emitted/', import.meta.url));

/** The best variant with the specified bits that this processor runs. */
const variant = packageAddon().variants.findLast((name) => !name.endsWith('_relaxed'))!;

let addon: Addon;

// Of the whole catalogue; what has not changed since the last time is not compiled again.
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  const sources = cells.map((cell) => {
    const paths = sourcesIn(emitter.emit(compile(cell))).map(({ path, text }) => {
      writeFileSync(FOLDER + path, text);
      return FOLDER + path;
    });
    return { name: cell.name, paths };
  });
  const file = `${FOLDER}${variant}.node`;
  const source = { compiler: findCompiler(), cells: sources, variants: [variant], flags: WARNINGS, objects: OBJECTS };
  await compileAddon(source, file);
  addon = createRequire(import.meta.url)(file) as Addon;
}, 3_600_000);

const sourcesIn = (files: readonly EmittedFile[]) =>
  files.filter((file) => file.kind === 'text').filter(({ path }) => path.endsWith('.c'));

// In guarded memory, so that whatever is written outside of the buffers fails as well; in one element type in two shares.
emitterConformance({
  test,
  emitter,
  supports,
  load({ program, dtype }) {
    const signature = signatureOf(program);
    const threads = dtype === 'float32' ? 2 : 1;
    const kernels = () => nativeKernels(addon, signature, dtype, variant, threads, guardedMemory(addon, dtype));
    return hostBackend({ name: 'emitted', supports, signature, kernels, training: hostTraining }).openSync!({ dtype });
  },
});

test('emitting is pure: the same program gives the same text', () => {
  expect(emitter.emit(compile(gru))).toEqual(emitter.emit(compile(gru)));
});
