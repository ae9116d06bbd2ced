import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The source of each format's reader, and the kilobytes that the README says a page loads for it. */
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const stated = [...readme.matchAll(/^\| .* \| `(\w+)` \| .* \| (\d+) kB \|$/gm)].map(
  ([, format, kilobytes]) => [format!, Number(kilobytes)] as const,
);

interface Chunk {
  readonly fileName: string;
  readonly facadeModuleId: string | null;
  readonly imports: readonly string[];
  readonly code: string;
}

let chunks: readonly Chunk[] = [];
let folder = '';

beforeAll(async () => {
  // Below the package, so that what it depends on is found as from there.
  folder = await mkdtemp(join(new URL('..', import.meta.url).pathname, 'node_modules-pages-'));
  await writeFile(join(folder, 'entry.js'), "export { readModel } from '@congruent/models';");
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    root: folder,
    resolve: { conditions: ['@congruent/source'] },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: { input: join(folder, 'entry.js'), preserveEntrySignatures: 'strict' },
    },
  });
  chunks = (built as unknown as { output: readonly Chunk[] }).output;
});

afterAll(() => rm(folder, { recursive: true }));

/** A chunk with all that it imports statically. */
function withImports(chunk: Chunk, found: Set<Chunk> = new Set()): ReadonlySet<Chunk> {
  if (found.has(chunk)) return found;
  found.add(chunk);
  for (const name of chunk.imports) withImports(chunks.find(({ fileName }) => fileName === name)!, found);
  return found;
}

test('the README states what a page loads for each format', () => {
  expect(stated.map(([format]) => format)).toEqual([
    'safetensors',
    'pytorch',
    'onnx',
    'keras',
    'tfjs',
    'rtneural',
    'nam',
  ]);
});

test.each(stated)('a page that reads %s loads at most %i kB, gzip, of this package', (format, kilobytes) => {
  const entry = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith('entry.js'))!;
  const reader = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${format}/read.ts`));
  const loaded = new Set([...withImports(entry), ...(reader ? withImports(reader) : [])]);
  const bytes = [...loaded].reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
  console.log(`${format}: ${bytes} bytes in ${loaded.size} files`);
  expect(reader, `a file of its own for ${format}`).toBeDefined();
  expect(bytes).toBeLessThanOrEqual(kilobytes * 1000);
  expect(bytes).toBeGreaterThan((kilobytes - 3) * 1000);
});
