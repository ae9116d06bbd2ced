import { CELLS, type CellName } from './cells.ts';

/** What one row of the benchmarks computes. */
export interface Work {
  readonly id: string;
  readonly cell: CellName;
  /**
   * `step`: one streamed step, the state kept. `sequence`: a whole batch of sequences in one call. `training`: forward
   * and backward through such a batch.
   */
  readonly kind: 'step' | 'sequence' | 'training';
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly directions: 1 | 2;
  readonly batch: number;
  /** Steps of a sequence; for a streamed step, how many different inputs there are. */
  readonly steps: number;
  /** Left out of the quick run, as some peers take seconds. */
  readonly long: boolean;
  /** How many times faster than a peer the fastest backend is meant to be: default, and with `math: 'relaxed'`. */
  readonly targets: Readonly<Record<string, number>>;
  /** The same for native code, on a processor with vectors of 512 bits. */
  readonly native?: Readonly<Record<string, number>>;
}

/** The backend that the targets `native` are for. */
export const NATIVE = '@congruent/native';

/** Different inputs of a streamed step, and steps whose results are compared. */
const STREAMED = 16;

const step = (
  inputSize: number,
  hiddenSize: number,
  targets: Work['targets'] = {},
  native: Work['targets'] = {},
): Work => ({
  id: `step-${inputSize}-${hiddenSize}`,
  cell: 'gru',
  kind: 'step',
  inputSize,
  hiddenSize,
  layers: 1,
  directions: 1,
  batch: 1,
  steps: STREAMED,
  long: false,
  targets,
  native,
});

const sequence = (
  batch: number,
  steps: number,
  inputSize: number,
  hiddenSize: number,
  more: Partial<Work> = {},
): Work => ({
  ...step(inputSize, hiddenSize),
  id: `batch-${batch}-${steps}-${inputSize}-${hiddenSize}`,
  kind: 'sequence',
  batch,
  steps,
  ...more,
});

const training = (...sizes: Parameters<typeof sequence>): Work => {
  const forward = sequence(...sizes);
  return { ...forward, id: forward.id.replace('batch', 'training'), kind: 'training' };
};

/** The same work of another cell. */
const withCell = (cell: CellName, work: Work, targets: Work['targets'] = {}): Work => ({
  ...work,
  id: `${cell}-${work.id}`,
  cell,
  targets,
  native: {},
});

/**
 * The rows: a streamed step from small to large, sequences, stacked layers, training, other cells, and work that takes its
 * time.
 */
export const works: readonly Work[] = [
  step(16, 16),
  step(24, 24, { 'onnxruntime-web': 25, 'onnxruntime-node': 25 }),
  step(32, 32),
  step(64, 64),
  step(64, 128, { 'onnxruntime-web': 4, 'onnxruntime-node': 3.5 }, { 'onnxruntime-node': 8 }),
  step(256, 256, { 'onnxruntime-web': 2, 'onnxruntime-node': 1.6 }),
  sequence(1, 100, 64, 128, {
    targets: { 'onnxruntime-web': 1.5, 'onnxruntime-node': 1 },
    native: { 'onnxruntime-node': 1.4 },
  }),
  sequence(32, 50, 128, 256, {
    targets: { 'onnxruntime-web': 1.2, 'onnxruntime-web, relaxed': 1.6 },
    native: { 'onnxruntime-node': 1.3 },
  }),
  sequence(8, 64, 40, 96, {
    id: 'layers-2-bidirectional',
    layers: 2,
    directions: 2,
    targets: { 'onnxruntime-web': 1.3 },
    native: { 'onnxruntime-node': 1.2 },
  }),
  training(16, 32, 8, 64),
  training(32, 50, 128, 256, {
    targets: { 'tfjs (wasm)': 20, 'tfjs (cpu)': 20, 'jax-js (wasm)': 20, 'brain.js': 20 },
    native: { '@congruent/wasm': 2 },
  }),
  withCell('lstm', step(64, 128), { 'onnxruntime-web': 4 }),
  withCell('lstm', sequence(32, 50, 128, 256), { 'onnxruntime-web': 1.4 }),
  withCell('network', step(64, 64)),
  sequence(256, 50, 256, 256, { long: true }),
  sequence(64, 100, 512, 512, { long: true }),
];

/** The work behind the cold start: a first step, as an instrument or a page makes it. */
export const coldWork: Work = works.find(({ id }) => id === 'step-64-128')!;

export const coldTargets: Work['targets'] = { 'onnxruntime-web': 15, 'onnxruntime-node': 3 };

export function workCalled(id: string): Work {
  const work = works.find((each) => each.id === id);
  if (!work) throw new Error(`There is no row '${id}'.`);
  return work;
}

/** The layers of a network, each as a work of its own, in the order in which each reads what the one before gives. */
export function layersOf(work: Work): Readonly<Record<string, Work>> {
  if (work.cell !== 'network') return {};
  const { inputSize, hiddenSize } = work;
  return {
    g1: { ...work, cell: 'gru' },
    g2: { ...work, cell: 'gru', inputSize: hiddenSize },
    fc: { ...work, cell: 'linear', inputSize: hiddenSize, hiddenSize: inputSize },
  };
}

/** As a heading: `GRU, one streamed step, I=64 H=128`. */
export function titleOf({ cell, kind, layers, directions, batch, steps, inputSize, hiddenSize }: Work): string {
  const { title } = CELLS[cell];
  const sizes = inputSize === hiddenSize ? `I=H=${hiddenSize}` : `I=${inputSize} H=${hiddenSize}`;
  if (kind === 'step') return `${title}, one streamed step, ${sizes}`;
  const passes = kind === 'training' ? 'forward and backward, ' : '';
  const stack = `${layers > 1 ? `${layers} layers, ` : ''}${directions > 1 ? 'bidirectional, ' : ''}`;
  return `${title}, ${passes}${stack}B=${batch} T=${steps} ${sizes}`;
}
