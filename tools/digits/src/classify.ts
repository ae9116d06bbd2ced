import type { StoredStateDict, Tensor } from '@congruent/runtime';
import { joinStateDicts, Linear } from '@congruent/train';
import { generatedFor } from './backends.ts';
import { CLASSES, type Classifier, type Images, sequencesOf } from './data.ts';
import { createRecurrent, type RecurrentClasses } from './recurrent.ts';

/** How a backend did on the held-back images. */
export interface Score {
  readonly predictions: readonly number[];
  /** [N, 10] */
  readonly logits: Float32Array;
  /** Images whose largest logit is the label's. */
  readonly right: number;
  /** Their share. */
  readonly accuracy: number;
  /** Median over repeats of all images in one batch, head included. */
  readonly imagesPerSecond: number;
}

const REPEATS = 15;

/** Runs a classifier, its recurrent layer and its head, through one backend; `own` are the backend's own options. */
export async function classify(
  backend: RecurrentClasses,
  own: Readonly<Record<string, unknown>>,
  model: Classifier,
  heldBack: Images,
): Promise<Score> {
  const recurrent = await createRecurrent(backend, model.cell, model.hiddenSize, own);
  recurrent.loadStateDict(model.recurrent);
  recurrent.eval();
  const head = new Linear({ inFeatures: model.hiddenSize, outFeatures: CLASSES });
  head.loadStateDict(model.head);
  const images = sequencesOf(heldBack);
  const infer = async (): Promise<Float32Array> => {
    const { hn } = await recurrent.forward(images); // [1, N, H]
    return head.forward({ data: hn.data, shape: hn.shape.slice(1) }).data as Float32Array;
  };
  const score = await scoreOf(infer, heldBack);
  recurrent.dispose();
  return score;
}

/** A class that was generated of the network. */
interface NetworkClass {
  create(options: object): Promise<{
    loadStateDict(dict: StoredStateDict): unknown;
    forward(input: Tensor): { readonly output: Tensor } | Promise<{ readonly output: Tensor }>;
    dispose(): void;
  }>;
}

/** Runs the classifier that is one cell through a backend. */
export async function classifyByNetwork(
  backend: string,
  own: Readonly<Record<string, unknown>>,
  { recurrent, head, hiddenSize }: Classifier,
  heldBack: Images,
): Promise<Score> {
  const { Digits } = (await import(new URL('digits.js', generatedFor(backend)).href)) as { Digits: NetworkClass };
  const network = await Digits.create({ sizes: { H: hiddenSize }, batchFirst: true, ...own });
  network.loadStateDict(joinStateDicts({ gru: recurrent, head }));
  const images = sequencesOf(heldBack);
  const score = await scoreOf(async () => lastSteps(await network.forward(images)), heldBack);
  network.dispose();
  return score;
}

/** The logits after the last row of each image, [N, 10], of those after each row, [N, 8, 10]. */
function lastSteps({ output: { data, shape } }: { readonly output: Tensor }): Float32Array {
  const [images, steps] = shape as readonly [number, number];
  const last = new Float32Array(images * CLASSES);
  for (let image = 0; image < images; image++) {
    const end = (image + 1) * steps * CLASSES;
    last.set((data as Float32Array).subarray(end - CLASSES, end), image * CLASSES);
  }
  return last;
}

async function scoreOf(infer: () => Promise<Float32Array>, { labels }: Images): Promise<Score> {
  const logits = await infer();
  const seconds: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const start = performance.now();
    await infer();
    seconds.push((performance.now() - start) / 1000);
  }
  const predictions = labels.map((_, image) => argmax(logits.subarray(image * CLASSES, (image + 1) * CLASSES)));
  const right = predictions.filter((prediction, image) => prediction === labels[image]).length;
  return {
    predictions,
    logits,
    right,
    accuracy: right / predictions.length,
    imagesPerSecond: predictions.length / seconds.sort((a, b) => a - b)[REPEATS >> 1]!,
  };
}

const argmax = (values: Float32Array): number => values.indexOf(Math.max(...values));
