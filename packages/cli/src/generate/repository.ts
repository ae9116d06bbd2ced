import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile, type Emitter } from '@congruent/codegen';
import type { Cell } from '@congruent/spec';
import { UsageError } from '../commands/usage.ts';
import { filesOf } from '../files/files.ts';
import { type Change, changesOf, filesBelow, read, write } from './changes.ts';

/** What generating did, or would do, to one backend's files; paths from the folder that generating was asked of. */
export interface GenerateReport {
  readonly backend: string;
  readonly files: readonly (Pick<Change, 'path' | 'status'> & { readonly bytes: number })[];
}

/** A report of changes, with paths from a folder. */
export const reportOf = (backend: string, folder: string, changes: readonly Change[]): GenerateReport => ({
  backend,
  files: changes.map(({ path, bytes, status }) => ({
    path: relative(folder, path),
    bytes: bytes?.length ?? 0,
    status,
  })),
});

/**
 * The emitters of a workspace: every folder `packages/<backend>/codegen`, built to its `dist`.
 *
 * @param root  the folder that holds `packages`
 * @param backend  the folder of the one that is wanted; without it, all
 * @throws where that folder has no emitter, or an emitter is not built, or has another name than its folder
 */
export async function findEmitters(root: string, backend?: string): Promise<readonly Emitter[]> {
  const packages = join(root, 'packages');
  const entries = await readdir(packages, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const source = (name: string): string => join(packages, name, 'codegen', 'index.ts');
  const isBackend = await Promise.all(names.map(async (name) => (await read(source(name))) !== undefined));
  const backends = names.filter((_, index) => isBackend[index]).sort();
  if (backends.length === 0) {
    throw new UsageError(
      `${root} is not the repository of congruent: no folder of ${packages} has an emitter. ` +
        'For cells of your own, give their file: congruent generate FILE --backend NAME --out DIR. ' +
        'For the repository, say where it is: --root DIR',
    );
  }
  if (backend !== undefined && !backends.includes(backend)) {
    const known = backends.join(', ');
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
      return { backend, changes: await changesOf(wanted, await filesBelow(folder)) };
    }),
  );
  if (!check) for (const { changes } of compared) await write(changes, root, 'See to it that the repository can be.');
  return compared.map(({ backend, changes }) => reportOf(backend, root, changes));
}
