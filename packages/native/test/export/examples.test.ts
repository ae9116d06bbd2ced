import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gru } from '@congruent/spec';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headerOf } from '../../codegen/export/header.ts';
import { trainingOf } from '../../codegen/export/training.ts';
import { caseOf, modelOf, STEPS } from './cases.ts';
import { output, present } from './tools.ts';

const model = modelOf(gru, { I: 3, H: 5 }, 'model');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'congruent-c-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a program of the documentation prints. */
async function run(name: string, training: boolean): Promise<string> {
  await writeFile(join(folder, 'model.h'), headerOf(model, training ? trainingOf : undefined).text);
  await copyFile(fileURLToPath(new URL(`examples/${name}.c`, import.meta.url)), join(folder, `${name}.c`));
  await output(folder, 'cc', '-std=c99', '-Wall', '-Wextra', '-Wpedantic', '-Werror', `${name}.c`, '-o', name);
  return output(folder, `./${name}`);
}

test.skipIf(!present('cc'))('the example of inference prints what the equations give', async () => {
  const printed = (await run('infer', false)).trim().split('\n').map(Number);
  const inputs = Array.from({ length: STEPS }, () => [0.1, 0.2, 0.3]).flat();
  const { outputs } = caseOf(model, Float32Array.from(inputs));
  expect(printed.map(Math.fround)).toEqual([0, 5, 10, 15].map((at) => outputs[at]));
});

test.skipIf(!present('cc'))('the example of training learns', async () => {
  expect(await run('train', true)).toBe('learned\n');
});

for (const compiler of ['gcc -std=c99', 'g++ -std=c++11 -x c++', 'clang -std=c99', 'clang++ -std=c++11 -x c++']) {
  const [program, ...options] = compiler.split(' ') as [string, ...string[]];
  test.skipIf(!present(program))(`${compiler} says nothing of a header of which nothing is used`, async () => {
    await writeFile(join(folder, 'model.h'), headerOf(model, trainingOf).text);
    await writeFile(join(folder, 'unused.c'), '#include "model.h"\n#include "model.h"\nint main(void) { return 0; }\n');
    const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Werror'];
    await output(folder, program, ...options, ...warnings, '-fsyntax-only', 'unused.c');
  });
}
