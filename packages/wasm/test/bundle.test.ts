import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What a page loads for inference in float32, minified, after gzip. */
const CEILING = 16 * 1024;

const ENTRY = `
  import { GRU, tensor } from '@congruent/wasm/inference';
  const gru = await GRU.create({ inputSize: 2, hiddenSize: 3 });
  export const result = gru.forward(tensor(new Float32Array([1, 2, 3, 4]), [2, 1, 2])).output.data;
`;

const conditions = ['@congruent/source'];
const root = join(import.meta.dirname, '..');
let folder: string;
let entry: string;

beforeAll(async () => {
  folder = await mkdtemp(join(root, 'node_modules-bundle-'));
  entry = join(folder, 'entry.js');
  await writeFile(entry, ENTRY);
});

afterAll(() => rm(folder, { recursive: true }));

const gzipped = (code: string | Uint8Array): number => gzipSync(code, { level: 9 }).length;

/** The bundle's own result, run from the file as a page would. */
async function resultOf(path: string): Promise<Float32Array> {
  return ((await import(/* @vite-ignore */ path)) as { result: Float32Array }).result;
}

test(`a page with float32 inference loads at most ${CEILING} bytes, bundled by esbuild, and it runs`, async () => {
  const outdir = join(folder, 'esbuild');
  const { metafile } = await esbuild({
    entryPoints: [entry],
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
  const files = await Promise.all(initial.map((path) => readFile(path)));
  const bytes = files.reduce((sum, file) => sum + gzipped(file), 0);
  console.log(`esbuild: ${bytes} bytes in ${files.length} files`);
  expect(bytes).toBeLessThanOrEqual(CEILING);
  expect((await resultOf(join(outdir, 'entry.mjs'))).length).toBe(6);
});

test(`a page with float32 inference loads at most ${CEILING} bytes, bundled by Vite, and it runs`, async () => {
  const outDir = join(folder, 'vite');
  const built = await vite({
    configFile: false,
    logLevel: 'silent',
    root: folder,
    resolve: { conditions },
    build: {
      outDir,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rollupOptions: { input: entry, preserveEntrySignatures: 'strict', output: { entryFileNames: 'entry.mjs' } },
    },
  });
  const { output } = built as { output: { fileName: string; code: string; isEntry?: boolean; imports: string[] }[] };
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const initial = staticFiles(output.find(({ isEntry }) => isEntry)!.fileName, (name) => chunks.get(name)!.imports);
  const bytes = initial.reduce((sum, name) => sum + gzipped(chunks.get(name)!.code), 0);
  console.log(`vite: ${bytes} bytes in ${initial.length} files`);
  expect(bytes).toBeLessThanOrEqual(CEILING);
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
