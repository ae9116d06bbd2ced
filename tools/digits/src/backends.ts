import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BackendModule, ifAvailable } from '@congruent/conformance';
import type { RecurrentClasses } from './recurrent.ts';

/** A backend's package. */
export type Backend = Omit<BackendModule, keyof RecurrentClasses> & RecurrentClasses;

/** The folder of the packages. */
export const packages: URL = new URL('../../../packages/', import.meta.url);

/** The program behind the command `congruent`. */
export const command: string = fileURLToPath(new URL('congruent/bin/congruent.js', packages));

/** The backends of this workspace, by name: every package that has an emitter. */
async function namesOfBackends(): Promise<readonly string[]> {
  const folders = (await readdir(packages)).sort();
  const emitters = await Promise.all(
    folders.map((folder) => readdir(new URL(`${folder}/codegen`, packages)).catch(() => undefined)),
  );
  return folders.filter((_, index) => emitters[index] !== undefined);
}

/** Their modules, and those that this machine cannot have, with the reason. */
export async function findBackends(): Promise<{
  readonly backends: readonly Backend[];
  readonly unavailable: readonly string[];
}> {
  const found = await Promise.all(
    (await namesOfBackends()).map((name) =>
      ifAvailable(() => import(new URL(`${name}/dist/index.js`, packages).href) as Promise<Backend>),
    ),
  );
  return {
    backends: found.flatMap((each) => ('module' in each ? [each.module] : [])),
    unavailable: found.flatMap((each) => ('unavailable' in each ? [each.unavailable] : [])),
  };
}

/** The folder of the classes of the network that were generated for a backend. */
export const generatedFor = (backend: string): URL => new URL(`../dist/generated/${backend}/`, import.meta.url);

/** A backend, or one of its devices. */
export interface Variant {
  readonly module: Backend;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A backend once for each of its devices, where it has a choice. */
export function variantsOf(module: Backend): readonly Variant[] {
  const devices = Object.keys(module.backend.devices ?? {});
  return devices.length === 0 ? [{ module, options: {} }] : devices.map((device) => ({ module, options: { device } }));
}

/** Whether the device asked for is there. */
export async function isPresent({ GRU, CongruentError }: Backend, options: Variant['options']): Promise<boolean> {
  try {
    (await GRU.create({ inputSize: 1, hiddenSize: 1, ...options })).dispose();
    return true;
  } catch (error) {
    if (error instanceof CongruentError && error.code === 'CONGRUENT_DEVICE') return false;
    throw error;
  }
}
