import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What a page with float32 does, and the most that it may load for that, minified, after gzip. */
const PAGES = [
  {
    what: 'float32 inference',
    ceiling: 16 * 1024,
    code: `
      import { GRU, tensor } from '@congruent/wasm/inference';
      const gru = await GRU.create({ inputSize: 2, hiddenSize: 3 });
      export const result = gru.forward(tensor(new Float32Array([1, 2, 3, 4]), [2, 1, 2])).output.data;
    `,
  },
  {
    what: 'float32 gradients',
    ceiling: 24 * 1024,
    code: `
      import { GRU, tensor } from '@congruent/wasm';
      const gru = await GRU.create({ inputSize: 3, hiddenSize: 4 });
      const { output, pullback } = gru.vjp(tensor(new Float32Array([1, 2, 3, 4, 5, 6]), [2, 1, 3]));
      export const result = pullback({ output }).input.data;
    `,
  },
] as const;

/** What stands in the code of GRUCell, which no page uses: the name of an operand in its errors. */
const UNUSED = ': hx';

const conditions = ['@congruent/source'];
const root = join(import.meta.dirname, '..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(root, 'node_modules-bundle-'));
});

afterAll(() => rm(folder, { recursive: true }));

const gzipped = (code: string | Uint8Array): number => gzipSync(code, { level: 9 }).length;

/** The bundle's own result, run from the file as a page would. */
async function resultOf(path: string): Promise<Float32Array> {
  return ((await import(/* @vite-ignore */ path)) as { result: Float32Array }).result;
}

/** The folder of a page's own, with its program. */
async function folderOf({ what, code }: (typeof PAGES)[number], bundler: string): Promise<string> {
  const own = join(folder, `${bundler} ${what}`.replaceAll(' ', '-'));
  await mkdir(own);
  await writeFile(join(own, 'entry.js'), code);
  return own;
}

test.each(PAGES)('a page with $what loads at most $ceiling bytes, bundled by esbuild, and it runs', async (page) => {
  const own = await folderOf(page, 'esbuild');
  const outdir = join(own, 'bundle');
  const { metafile } = await esbuild({
    entryPoints: [join(own, 'entry.js')],
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    metafile: true,
    conditions,
    outExtension: { '.js': '.mjs' },
  });
  const initial = staticFiles(Object.entries(metafile.outputs).find(([, output]) => output.entryPoint)![0], (path) =>
    metafile.outputs[path]!.imports.filter(({ kind }) => kind === 'import-statement').map((each) => each.path),
  );
  const files = await Promise.all(initial.map((path) => readFile(path, 'utf8')));
  const bytes = files.reduce((sum, file) => sum + gzipped(file), 0);
  console.log(`${page.what}, esbuild: ${bytes} bytes in ${files.length} files`);
  expect(files.join('\n')).not.toContain(UNUSED);
  expect(bytes).toBeLessThanOrEqual(page.ceiling);
  expect((await resultOf(join(outdir, 'entry.mjs'))).length).toBe(6);
});

test.each(PAGES)('a page with $what loads at most $ceiling bytes, bundled by Vite, and it runs', async (page) => {
  const own = await folderOf(page, 'vite');
  const outDir = join(own, 'bundle');
  const built = await vite({
    configFile: false,
    logLevel: 'silent',
    root: own,
    resolve: { conditions },
    build: {
      outDir,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rollupOptions: {
        input: join(own, 'entry.js'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'entry.mjs' },
      },
    },
  });
  const { output } = built as { output: { fileName: string; code: string; isEntry?: boolean; imports: string[] }[] };
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const initial = staticFiles(output.find(({ isEntry }) => isEntry)!.fileName, (name) => chunks.get(name)!.imports);
  const bytes = initial.reduce((sum, name) => sum + gzipped(chunks.get(name)!.code), 0);
  console.log(`${page.what}, vite: ${bytes} bytes in ${initial.length} files`);
  expect(initial.map((name) => chunks.get(name)!.code).join('\n')).not.toContain(UNUSED);
  expect(bytes).toBeLessThanOrEqual(page.ceiling);
  expect((await resultOf(join(outDir, 'entry.mjs'))).length).toBe(6);
});

/** A file and all that it imports statically. */
function staticFiles(first: string, importsOf: (path: string) => readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const imported of importsOf(path)) visit(imported);
  };
  visit(first);
  return [...found];
}
