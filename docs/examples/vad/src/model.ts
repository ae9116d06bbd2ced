import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readModel } from '@congruent/models';
import { type StateDict, writeSafetensors } from '@congruent/runtime';
import type { Detector } from './network.ts';
import { original } from './original.ts';
import { stateDictOf } from './state-dict.ts';

/** Silero's models that the network is: the equations are the same, the weights are not. */
export type ModelName = 'silero_vad_v5.onnx' | 'silero_vad_v6.onnx';

/** Where the package @ricky0123/vad-web has a model. */
export const modelFile = (name: ModelName): URL => new URL(`node_modules/@ricky0123/vad-web/dist/${name}`, original);

/** The network's parameters out of a model. */
export async function readParameters(name: ModelName = 'silero_vad_v5.onnx'): Promise<StateDict> {
  const { tensors } = await readModel(await readFile(modelFile(name)), { name });
  return stateDictOf(tensors);
}

/** What the exported model's files are called. */
export const NAME = 'silero_vad';

/** Exports the network with its parameters as one WebAssembly module, and its wrapper, into a folder. */
export async function exportNetwork(dict: StateDict, folder: string): Promise<void> {
  const weights = join(folder, 'parameters.safetensors');
  await mkdir(folder, { recursive: true });
  await writeFile(weights, writeSafetensors(dict));
  try {
    const command = fileURLToPath(new URL('../../../../packages/cli/dist/cli.js', import.meta.url));
    const cell = fileURLToPath(new URL('../dist/silero-vad.js', import.meta.url));
    execFileSync(
      process.execPath,
      [command, 'export', weights, '--cell', `${cell}#silero_vad`, '--target', 'wasm', '--name', NAME, '--out', folder],
      { cwd: fileURLToPath(new URL('../', import.meta.url)), stdio: ['ignore', 'ignore', 'inherit'] },
    );
  } finally {
    await rm(weights);
  }
}

/** The exported network in its initial state. */
export async function openExported(folder: string): Promise<Detector> {
  const { create } = await import(pathToFileURL(join(folder, `${NAME}.js`)).href);
  const model: { step(x: Float32Array): { readonly [0]: number } } = create(
    await readFile(join(folder, `${NAME}.wasm`)),
  );
  return (chunk) => model.step(chunk)[0];
}
