import type { BackendModule } from '@congruent/conformance';
import { Linear } from '@congruent/train';
import { CLASSES, type Classifier, FEATURES, type Images, sequencesOf } from './data.ts';

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

/** Runs the classifier through one backend; `own` are the backend's own options. */
export async function classify(
  { GRU }: BackendModule,
  own: Readonly<Record<string, unknown>>,
  model: Classifier,
  heldBack: Images,
): Promise<Score> {
  const gru = await GRU.create({ inputSize: FEATURES, hiddenSize: model.hiddenSize, batchFirst: true, ...own });
  gru.loadStateDict(model.gru);
  gru.eval();
  const head = new Linear({ inFeatures: model.hiddenSize, outFeatures: CLASSES });
  head.loadStateDict(model.head);
  const images = sequencesOf(heldBack);
  const infer = async (): Promise<Float32Array> => {
    const { hn } = await gru.forward(images); // [1, N, H]
    return head.forward({ data: hn.data, shape: hn.shape.slice(1) }).data as Float32Array;
  };
  const logits = await infer();
  const seconds: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const start = performance.now();
    await infer();
    seconds.push((performance.now() - start) / 1000);
  }
  gru.dispose();
  const predictions = heldBack.labels.map((_, image) =>
    argmax(logits.subarray(image * CLASSES, (image + 1) * CLASSES)),
  );
  const right = predictions.filter((prediction, image) => prediction === heldBack.labels[image]).length;
  return {
    predictions,
    logits,
    right,
    accuracy: right / predictions.length,
    imagesPerSecond: predictions.length / seconds.sort((a, b) => a - b)[REPEATS >> 1]!,
  };
}

const argmax = (values: Float32Array): number => values.indexOf(Math.max(...values));
