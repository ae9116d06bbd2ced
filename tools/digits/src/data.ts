import { readFile } from 'node:fs/promises';
import { readSafetensors, type StoredStateDict, type Tensor, tensor } from '@congruent/runtime';
import { readIfThere, withFile } from './files.ts';
import { CELL_NAMES, type CellName } from './recurrent.ts';
import { UsageError } from './usage.ts';

/** 8×8 images, each read row by row: 8 steps of 8 features from 0 to 1. */
export const STEPS = 8;
export const FEATURES = 8;

/** The digits. */
export const CLASSES = 10;

/** Images with what they show. */
export interface Images {
  /** From 0 to 1, image by image, row by row. */
  readonly pixels: Float32Array;
  readonly labels: readonly number[];
}

/** The classifier's weights: a recurrent layer, and a linear head on its last state. */
export interface Classifier {
  readonly cell: CellName;
  /** By torch's names, e.g. `weight_ih_l0`. */
  readonly recurrent: StoredStateDict;
  /** `weight` [10, H], `bias` [10] */
  readonly head: StoredStateDict;
  readonly hiddenSize: number;
}

/** A file of tools/digits/data. */
export const dataFile = (name: string): URL => new URL(`../data/${name}`, import.meta.url);

const readJson = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(dataFile(name), 'utf8'));

const bytesOf = (base64: unknown): Uint8Array => Uint8Array.from(Buffer.from(base64 as string, 'base64'));

/** The images held back from training. */
export const readHeldBack = (): Promise<Images> => readImages('held-back.json');

/** All other images. */
export const readTrainingImages = (): Promise<Images> => readImages('train.json');

async function readImages(name: string): Promise<Images> {
  const { images, labels } = await readJson(name);
  return { pixels: Float32Array.from(bytesOf(images), (value) => value / 16), labels: labels as number[] };
}

/** PyTorch's logits for the images held back, [N, 10]. */
export interface TorchLogits {
  readonly float32: Float32Array;
  /** From the same weights. */
  readonly float64: Float64Array;
  /** The largest difference of the two. */
  readonly error: number;
}

/** Those from the weights that PyTorch trained, or those of another file. */
export async function readTorchLogits(name = 'logits.json'): Promise<TorchLogits> {
  const { float32, float64, torchError } = await readJson(name);
  return {
    float32: new Float32Array(bytesOf(float32).buffer),
    float64: new Float64Array(bytesOf(float64).buffer),
    error: torchError as number,
  };
}

/** A batch of images for a recurrent layer, [N, 8, 8], batch first. */
export const sequencesOf = ({ pixels, labels }: Images): Tensor => tensor(pixels, [labels.length, STEPS, FEATURES]);

/** The weights that PyTorch trained. */
export const TORCH_MODEL: URL = dataFile('model.safetensors');

/**
 * A classifier from a .safetensors file with torch's names, e.g. a checkpoint of `npm run train:digits`.
 *
 * @throws where the file is not there or has no such model
 */
export async function readClassifier(path: URL | string): Promise<Classifier> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) throw new UsageError(`there is no model ${path}. npm run train:digits writes one.`);
  const { tensors } = await withFile(`${path}`, 'read', async () => readSafetensors(bytes));
  const part = (prefix: string): StoredStateDict =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    );
  const cell = CELL_NAMES.find((name) => Object.keys(part(`${name}.`)).length > 0);
  const head = part('head.');
  const hiddenSize = head['weight']?.shape[1];
  if (cell === undefined || hiddenSize === undefined) {
    const names = CELL_NAMES.map((name) => `${name}.…`);
    const wanted = `${names.join(' or ')}, and head.weight [10, H]`;
    throw new UsageError(`${path} holds no digit classifier, which has ${wanted}.`);
  }
  return { cell, recurrent: part(`${cell}.`), head, hiddenSize };
}
