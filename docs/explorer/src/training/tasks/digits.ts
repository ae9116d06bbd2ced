import { classTracks } from './classes.ts';
import { batchOf, channel, integer } from './sequences.ts';
import type { Task } from './task.ts';

/** Rows of an image, and pixels of a row. */
const SIZE = 8;

const CLASSES = 10;

/** Of the brightest pixel. */
const BRIGHTEST = 16;

/** The handwritten digits, which are loaded; tools/digits/data/README.md says where they come from, and their licence. */
export async function digits(): Promise<Task> {
  const [train, heldBack] = await Promise.all([
    import('../../../../../tools/digits/data/train.json'),
    import('../../../../../tools/digits/data/held-back.json'),
  ]);
  return digitsFrom(imagesOf(train.default), imagesOf(heldBack.default));
}

interface Images {
  /** From 0 to 1, image by image, row by row. */
  readonly pixels: Float32Array;
  readonly labels: readonly number[];
}

const imagesOf = ({ images, labels }: { readonly images: string; readonly labels: readonly number[] }): Images => ({
  pixels: Float32Array.from(atob(images), (pixel) => pixel.charCodeAt(0) / BRIGHTEST),
  labels,
});

function digitsFrom(train: Images, heldBack: Images): Task {
  const task: Pick<Task, 'outputs' | 'steps' | 'from'> = { outputs: CLASSES, steps: SIZE, from: SIZE - 1 };
  const draw = ({ pixels, labels }: Images): Task['batch'] => {
    return (random, sequences) => {
      const chosen = Array.from({ length: sequences }, () => integer(random, labels.length));
      return batchOf(
        [SIZE, sequences, SIZE],
        (row, sequence, column) => pixels[(chosen[sequence]! * SIZE + row) * SIZE + column]!,
        task.from,
        (_, sequence) => labels[chosen[sequence]!]!,
      );
    };
  };
  const toLookAt = draw(heldBack);
  return {
    ...task,
    inputs: SIZE,
    measure: 'classes',
    baseline: { loss: Math.log(CLASSES), by: 'guessing' },
    batch: draw(train),
    sample: (random) => toLookAt(random, 1),
    show: (sample, output) => [
      {
        label: 'pixels',
        kind: 'heat',
        rows: Array.from({ length: SIZE }, (_, column) => channel(sample.input, column)),
      },
      ...classTracks(task, sample, output, String),
    ],
  };
}
