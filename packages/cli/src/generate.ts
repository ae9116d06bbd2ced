import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile, type Emitter } from '@congruent/codegen';
import type { Cell } from '@congruent/spec';
import { filesOf } from './files.ts';

/** What generating did, or would do, to one backend's files; paths from the root of the workspace. */
export interface GenerateReport {
  readonly backend: string;
  readonly files: readonly {
    readonly path: string;
    readonly bytes: number;
    /** `removed`: no emitter makes this file. */
    readonly status: 'unchanged' | 'written' | 'removed';
  }[];
}

/**
 * The emitters of a workspace: every folder `packages/<backend>/codegen`, built to its `dist`.
 *
 * @param root  the folder that holds `packages`
 * @param backend  the folder of the one that is wanted; without it, all
 * @throws where that folder has no emitter, or an emitter is not built, or has another name than its folder
 */
export async function findEmitters(root: string, backend?: string): Promise<readonly Emitter[]> {
  const packages = join(root, 'packages');
  const entries = await readdir(packages, { withFileTypes: true }).catch(() => {
    throw new Error(`${packages} does not exist. Say where the workspace is: --root DIR`);
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const source = (name: string): string => join(packages, name, 'codegen', 'index.ts');
  const isBackend = await Promise.all(names.map(async (name) => (await read(source(name))) !== undefined));
  const backends = names.filter((_, index) => isBackend[index]).sort();
  if (backend !== undefined && !backends.includes(backend)) {
    const known = backends.join(', ') || 'none';
    throw new Error(`${source(backend)}, its emitter, does not exist. Backends: ${known}`);
  }
  return Promise.all(backends.filter((name) => name === (backend ?? name)).map((name) => load(join(packages, name))));
}

async function load(folder: string): Promise<Emitter> {
  const built = join(folder, 'codegen', 'dist', 'index.js');
  if ((await read(built)) === undefined) {
    throw new Error(`${built} does not exist. Build the emitter first: npx nx run-many -t build:codegen`);
  }
  const { default: emitter } = (await import(pathToFileURL(built).href)) as { default?: Emitter };
  const name = basename(folder);
  if (typeof emitter?.emit !== 'function' || emitter.name !== name) {
    throw new Error(`${built} exports no emitter of its backend. Its default export is { name: '${name}', emit }.`);
  }
  return emitter;
}

/**
 * Brings the `src/generated` of backends in line with their emitters: writes what differs, removes what nothing made.
 * All is made before anything is written.
 *
 * @param check  report only, change nothing
 */
export async function generate(
  root: string,
  emitters: readonly Emitter[],
  cells: readonly Cell[],
  check: boolean,
): Promise<readonly GenerateReport[]> {
  const programs = cells.map(compile);
  const made = emitters.map((emitter) => ({ backend: emitter.name, files: filesOf(emitter, programs) }));
  const compared = await Promise.all(
    made.map(async ({ backend, files }) => {
      const folder = join(root, 'packages', backend, 'src', 'generated');
      const wanted = new Map(files.map(({ path, text }) => [join(folder, path), Buffer.from(text)]));
      return { backend, changes: await changesOf(folder, wanted) };
    }),
  );
  if (!check) for (const { changes } of compared) await apply(changes);
  return compared.map(({ backend, changes }) => ({
    backend,
    files: changes.map(({ path, bytes, status }) => ({
      path: relative(root, path),
      bytes: bytes?.length ?? 0,
      status,
    })),
  }));
}

interface Change {
  readonly path: string;
  /** What the file is to hold; without it, it is to go. */
  readonly bytes: Buffer | undefined;
  readonly status: GenerateReport['files'][number]['status'];
}

/** What is to happen to the files that are wanted, then to those that are there and are not. */
async function changesOf(folder: string, wanted: ReadonlyMap<string, Buffer>): Promise<readonly Change[]> {
  const made = [...wanted].map(async ([path, bytes]): Promise<Change> => {
    const same = (await read(path))?.equals(bytes) ?? false;
    return { path, bytes, status: same ? 'unchanged' : 'written' };
  });
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const there = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const gone = there.filter((path) => !wanted.has(path)).sort();
  return [
    ...(await Promise.all(made)),
    ...gone.map((path) => ({ path, bytes: undefined, status: 'removed' }) satisfies Change),
  ];
}

async function apply(changes: readonly Change[]): Promise<void> {
  for (const { path, status } of changes) if (status === 'removed') await rm(path);
  for (const { path, bytes, status } of changes) {
    if (status !== 'written') continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes!);
  }
}

/** A file's bytes, or undefined where there is none. */
const read = (path: string): Promise<Buffer | undefined> => readFile(path).catch(() => undefined);
