import { readdir } from 'node:fs/promises';
import type { BackendModule } from '@congruent/conformance';

const packages = new URL('../../../packages/', import.meta.url);

/** The backends of this workspace: every package that has an emitter. */
export async function findBackends(): Promise<readonly BackendModule[]> {
  const folders = (await readdir(packages)).sort();
  const found = await Promise.all(
    folders.map(async (folder) => {
      const emitter = await readdir(new URL(`${folder}/codegen`, packages)).catch(() => undefined);
      return emitter && ((await import(new URL(`${folder}/dist/index.js`, packages).href)) as BackendModule);
    }),
  );
  return found.filter((backend) => backend !== undefined);
}
