import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Tensor, writeSafetensors } from '@congruent/runtime';
import { cells, congruent } from './command.ts';
import type { Model } from './sound/exported-network.ts';

/** The network with its weights as one WebAssembly module. */
export interface Exported {
  /** Bytes of the weights in it, packed as its products read them. */
  readonly weights: number;
  /** Bytes of the rest, with the JavaScript around it. */
  readonly code: number;
  /** One that begins with its first frame. */
  create(): Model;
}

/**
 * Exports the network, with the command.
 *
 * @param folder  where `rnnoise.wasm`, `rnnoise.js` and the weights as `rnnoise.safetensors` are put
 */
export async function exportNetwork(weights: Readonly<Record<string, Tensor>>, folder: URL): Promise<Exported> {
  await mkdir(folder, { recursive: true });
  const fileOf = (kind: string): URL => new URL(`rnnoise.${kind}`, folder);
  const [file, wrapper] = [fileOf('safetensors'), fileOf('js')];
  const rounded = Object.entries(weights).map(
    ([name, { data, shape }]) => [name, { data: Float32Array.from(data), shape }] as const,
  );
  await writeFile(file, writeSafetensors(Object.fromEntries(rounded)));
  const names = ['--cell', `${cells}#rnnoise`, '--name', 'rnnoise'];
  const printed = congruent(
    'export',
    fileURLToPath(file),
    '--target',
    'wasm',
    ...names,
    '--out',
    fileURLToPath(folder),
  );
  const { create } = (await import(wrapper.href)) as { readonly create: (module: Uint8Array) => Model };
  const module = await readFile(fileOf('wasm'));
  const packed = Number(/(\d+) of them weights/.exec(printed)![1]);
  return {
    weights: packed,
    code: module.length - packed + (await stat(wrapper)).size,
    create: () => create(module),
  };
}
