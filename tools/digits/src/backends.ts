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

/** A backend, or one of its devices. */
export interface Variant {
  readonly module: BackendModule;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A backend once for each of its devices, where it has a choice. */
export function variantsOf(module: BackendModule): readonly Variant[] {
  const devices = Object.keys(module.backend.devices ?? {});
  return devices.length === 0 ? [{ module, options: {} }] : devices.map((device) => ({ module, options: { device } }));
}

/** Whether the device asked for is there. */
export async function isPresent({ GRU, CongruentError }: BackendModule, options: Variant['options']): Promise<boolean> {
  try {
    (await GRU.create({ inputSize: 1, hiddenSize: 1, ...options })).dispose();
    return true;
  } catch (error) {
    if (error instanceof CongruentError && error.code === 'CONGRUENT_DEVICE') return false;
    throw error;
  }
}
