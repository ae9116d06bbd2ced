import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Cell } from '@congruent/spec';
import { compile } from './compile.ts';
import type { Emitter, GeneratedFile } from './emitter.ts';

/** `removed`: no emitter makes this file. */
export type FileStatus = 'unchanged' | 'written' | 'removed';

/** What generating did, or would do, to one backend's files; paths from the root of the workspace. */
export interface GenerateReport {
  readonly backend: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly status: FileStatus }[];
}

/**
 * The emitters of a workspace: every folder `packages/<backend>/codegen`, built to its `dist`.
 *
 * @param root  the folder that holds `packages`
 * @param backend  the folder of the one that is wanted; without it, all
 * @throws where that folder has no emitter, or an emitter is not built
 */
export async function findEmitters(root: string, backend?: string): Promise<readonly Emitter[]> {
  const entries = await readdir(join(root, 'packages'), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const wanted = backend === undefined ? names.sort() : [backend];
  const emitters = await Promise.all(wanted.map((name) => loadEmitter(join(root, 'packages', name))));
  const found = emitters.filter((emitter) => emitter !== undefined);
  if (backend !== undefined && found.length === 0) {
    throw new Error(`${join(root, 'packages', backend, 'codegen', 'index.ts')}, its emitter, does not exist`);
  }
  return found;
}

async function loadEmitter(folder: string): Promise<Emitter | undefined> {
  if ((await read(join(folder, 'codegen', 'index.ts'))) === undefined) return undefined;
  const built = join(folder, 'codegen', 'dist', 'index.js');
  if ((await read(built)) === undefined) {
    throw new Error(`${built} does not exist. Build the emitter first: npx nx run-many -t build:codegen`);
  }
  const { default: emitter } = (await import(pathToFileURL(built).href)) as { default: Emitter };
  return emitter;
}

/**
 * Brings one backend's `src/generated` in line with its emitter: writes what differs, removes what nothing made.
 *
 * @param check  report only, change nothing
 */
export async function generate(
  root: string,
  emitter: Emitter,
  cells: readonly Cell[],
  check: boolean,
): Promise<GenerateReport> {
  const folder = join(root, 'packages', emitter.name, 'src', 'generated');
  const files = cells.flatMap((cell) => emitter.emit(compile(cell)));
  const paths = new Set(files.map(({ path }) => join(folder, path)));
  const removed = (await filesBelow(folder)).filter((path) => !paths.has(path));
  const fresh = await Promise.all(files.map((file) => isFresh(folder, file)));
  const changed = files.filter((_, index) => !fresh[index]);
  if (!check) {
    for (const { path, contents } of changed) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), contents);
    }
    for (const path of removed) await rm(path);
  }
  const below = (path: string): string => relative(root, path);
  return {
    backend: emitter.name,
    files: [
      ...files.map(({ path, contents }, index) => ({
        path: below(join(folder, path)),
        bytes: Buffer.byteLength(contents),
        status: fresh[index] ? ('unchanged' as const) : ('written' as const),
      })),
      ...removed.map((path) => ({ path: below(path), bytes: 0, status: 'removed' as const })),
    ],
  };
}

async function isFresh(folder: string, { path, contents }: GeneratedFile): Promise<boolean> {
  return (await read(join(folder, path)))?.equals(Buffer.from(contents as string)) ?? false;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** A file's bytes, or undefined where there is none. */
const read = (path: string): Promise<Buffer | undefined> => readFile(path).catch(() => undefined);
