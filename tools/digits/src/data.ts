import { readFile } from 'node:fs/promises';
import { readSafetensors, type Tensor, tensor } from '@congruent/runtime';

/** 8×8 images, each read row by row: 8 steps of 8 features from 0 to 1. */
export const STEPS = 8;
export const FEATURES = 8;

/** The digits. */
export const CLASSES = 10;

/** The images held back from training, with PyTorch's answers. */
export interface HeldBack {
  /** [N, 8, 8], batch first, pixels from 0 to 1. */
  readonly images: Tensor;
  readonly labels: readonly number[];
  /** PyTorch's logits in float32, [N, 10]. */
  readonly logits: Float32Array;
}

/** The classifier's weights: a one-layer GRU, and a linear head on its last state. */
export interface Classifier {
  readonly gru: Readonly<Record<string, Tensor>>;
  readonly hiddenSize: number;
  /** [10, H] */
  readonly headWeight: Tensor;
  /** [10] */
  readonly headBias: Tensor;
}

const file = (name: string): URL => new URL(`../data/${name}`, import.meta.url);

const readJson = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(file(name), 'utf8'));

const bytesOf = (base64: unknown): Uint8Array => Uint8Array.from(Buffer.from(base64 as string, 'base64'));

export async function readHeldBack(): Promise<HeldBack> {
  const [heldBack, answers] = await Promise.all([readJson('held-back.json'), readJson('logits.json')]);
  const pixels = Float32Array.from(bytesOf(heldBack['images']), (value) => value / 16);
  const labels = heldBack['labels'] as number[];
  return {
    images: tensor(pixels, [labels.length, STEPS, FEATURES]),
    labels,
    logits: new Float32Array(bytesOf(answers['float32']).buffer),
  };
}

export async function readClassifier(): Promise<Classifier> {
  const { tensors } = readSafetensors(await readFile(file('model.safetensors')));
  const gru = Object.entries(tensors).filter(([name]) => name.startsWith('gru.'));
  const headWeight = tensors['head.weight']!;
  return {
    gru: Object.fromEntries(gru.map(([name, value]) => [name.slice('gru.'.length), value])),
    hiddenSize: headWeight.shape[1]!,
    headWeight,
    headBias: tensors['head.bias']!,
  };
}
