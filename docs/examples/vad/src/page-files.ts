import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type ModelName, modelFile, NAME } from './model.ts';
import { original } from './original.ts';

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly contents: Buffer;
}

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * What the page consists of, by path from its address.
 *
 * @param exported  the folder of the exported network
 */
export async function pageFiles(exported: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = [
    ['', 'text/html', join(root, 'page/index.html')],
    ['style.css', 'text/css', join(root, 'page/style.css')],
    ['page.js', 'text/javascript', join(root, 'dist/page/page.js')],
    ['chart.js', 'text/javascript', join(root, 'dist/page/chart.js')],
    ['processor.js', 'text/javascript', join(root, 'dist/page/processor.js')],
    [`${NAME}.js`, 'text/javascript', join(exported, `${NAME}.js`)],
    [`${NAME}.wasm`, 'application/wasm', join(exported, `${NAME}.wasm`)],
    [RECORDING, 'audio/wav', join(root, 'data', RECORDING)],
  ] as const;
  const read = files.map(async ([path, type, file]) => [path, { type, contents: await readFile(file) }] as const);
  return new Map(await Promise.all(read));
}

/** It is loaded when it is asked for. */
export const RECORDING = 'speech.wav';

/** What a page loads before it can begin: bytes of each file, as it is and gzipped. */
export interface Loaded {
  readonly name: string;
  readonly bytes: number;
  readonly gzipped: number;
}

const loaded = (name: string, contents: Buffer): Loaded => ({
  name,
  bytes: contents.length,
  gzipped: gzipSync(contents, { level: 9 }).length,
});

/** What the page here loads. */
export const loadedByPage = (files: ReadonlyMap<string, PageFile>): readonly Loaded[] =>
  [...files]
    .filter(([path]) => path !== RECORDING)
    .map(([path, { contents }]) => loaded(path || 'index.html', contents));

/** What a page loads that runs a model in onnxruntime-web, beside what is its own. */
export async function loadedByOnnxruntime(model: ModelName): Promise<readonly Loaded[]> {
  const dist = new URL('node_modules/onnxruntime-web/dist/', original);
  const names = ['ort.wasm.bundle.min.mjs', 'ort-wasm-simd-threaded.wasm'];
  const files = [...names.map((name) => [name, new URL(name, dist)] as const), [model, modelFile(model)] as const];
  return await Promise.all(files.map(async ([name, url]) => loaded(name, await readFile(url))));
}
