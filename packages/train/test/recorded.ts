import { readFileSync } from 'node:fs';
import type { DType, Tensor } from '@congruent/runtime';
import { Adam, type AdamOptions, AdamW, type Optimizer, SGD } from '../src/index.ts';

/** An array as recorded: little-endian float64 in base64. */
export interface RecordedTensor {
  readonly shape: readonly number[];
  readonly data: string;
}

/** Null: torch's None. */
export type RecordedTensors = Readonly<Record<string, RecordedTensor | null>>;

/** What cases of both files have. */
interface RecordedCase {
  readonly name: string;
  readonly dtype: DType;
  readonly optimizer: 'Adam' | 'AdamW' | 'SGD';
  readonly options: AdamOptions;
  /** Parameters by the number of the step after which they were recorded. */
  readonly checkpoints: Readonly<Record<string, RecordedTensors>>;
}

/** Steps with gradients that are given: optimizers.json. */
export interface OptimizerCase extends RecordedCase {
  readonly maxNorm?: number;
  readonly norms?: readonly number[];
}

/** Parameters to begin with, and a gradient for each step. */
export interface RecordedProblem {
  readonly parameters: RecordedTensors;
  readonly gradients: readonly RecordedTensors[];
}

/** A linear layer that is trained: training.json. */
export interface TrainingCase extends RecordedCase {
  readonly loss: 'crossEntropy' | 'mseLoss';
  readonly lossOptions: object;
  readonly parameters: RecordedTensors;
  readonly input: RecordedTensor;
  /** Classes, or what the output should be. */
  readonly target: readonly number[] | RecordedTensor;
  /** The output and the loss's gradient by it at the first step, and the gradients that follow. */
  readonly first: { readonly loss: RecordedTensors; readonly gradients: RecordedTensors };
  /** Before each step. */
  readonly losses: readonly number[];
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8'));

export const { cases: optimizerCases, problems } = read('optimizers.json') as {
  readonly cases: readonly OptimizerCase[];
  readonly problems: Readonly<Record<DType, RecordedProblem>>;
};

export const { cases: trainingCases } = read('training.json') as { readonly cases: readonly TrainingCase[] };

export function recordedTensor(dtype: DType, { shape, data }: RecordedTensor): Tensor {
  const { buffer } = Uint8Array.from(Buffer.from(data, 'base64'));
  const values = new Float64Array(buffer);
  return { data: dtype === 'float64' ? values : new Float32Array(values), shape };
}

/** Those that are there. */
export const recordedTensors = (dtype: DType, recorded: RecordedTensors): Readonly<Record<string, Tensor>> =>
  Object.fromEntries(
    Object.entries(recorded).flatMap(([name, value]) => (value ? [[name, recordedTensor(dtype, value)]] : [])),
  );

const OPTIMIZERS = { Adam, AdamW, SGD };

export const optimizerOf = ({ optimizer, options }: RecordedCase): Optimizer => new OPTIMIZERS[optimizer](options);

/** The largest difference of any element, relative above 1. */
export function difference(got: Readonly<Record<string, Tensor>>, expected: Readonly<Record<string, Tensor>>): number {
  const names = Object.keys(expected);
  if (Object.keys(got).join() !== names.join()) throw new Error(`got ${Object.keys(got)}, expected ${names}`);
  return Math.max(
    ...names.flatMap((name) =>
      Array.from(
        expected[name]!.data,
        (value, i) => Math.abs(got[name]!.data[i]! - value) / Math.max(1, Math.abs(value)),
      ),
    ),
  );
}

/** How near to PyTorch's numbers, relative above 1. */
export const BOUND = { float32: 1e-6, float64: 1e-12 } as const;
