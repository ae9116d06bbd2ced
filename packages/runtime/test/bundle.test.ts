import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(import.meta.dirname, '..', 'node_modules-bundle-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** The code of a bundle for the web, minified. */
async function bundled(name: string, entry: string): Promise<string> {
  const input = join(folder, `${name}.js`);
  await writeFile(input, entry);
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    root: folder,
    resolve: { conditions: ['@congruent/source'] },
    build: {
      write: false,
      modulePreload: false,
      rollupOptions: { input, preserveEntrySignatures: 'strict' },
    },
  });
  return (built as { output: { code: string }[] }).output.map(({ code }) => code).join('\n');
}

test('a backend that does not name the gradients is bundled without their code', async () => {
  const entry = (definition: string): string =>
    `import { defineGRU, gradients } from '@congruent/runtime'; export const GRU = defineGRU({ gru: ${definition} });`;
  const without = await bundled('inference', entry('{ supports: {} }'));
  const all = await bundled('training', entry('{ supports: {}, gradients }'));
  console.log(`gradients: ${all.length - without.length} bytes, the rest: ${without.length}`);
  for (const text of ['Mismatch in shape: grad_output', 'there is no gradient to go back from']) {
    expect(all).toContain(text);
    expect(without).not.toContain(text);
  }
  expect(without).not.toContain('FinalizationRegistry');
});
