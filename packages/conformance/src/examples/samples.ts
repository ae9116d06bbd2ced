import type { DType, GRU, GRUCell, GRUOptions, Tensor } from '@congruent/runtime';
import type { Subject } from '../subject/subject.ts';
import { fill } from '../vectors/fill.ts';
import { sizeOf } from '../vectors/parameter-shapes.ts';

/** A tensor of numbers in (-1, 1), or of another scale, that follow from a seed. */
export function sample(shape: readonly number[], seed: number, dtype: DType = 'float32', scale = 1): Tensor {
  return { data: fill(seed, sizeOf(shape), scale, dtype), shape };
}

/** Sizes that let no mix-up of dimensions pass. */
export const SIZES = { inputSize: 3, hiddenSize: 5 } as const;
export const STEPS = 4;
export const BATCH = 2;

/** A GRU of `SIZES` with parameters from its seed. */
export const small = (subject: Subject, options: Partial<GRUOptions> = {}): Promise<GRU> =>
  subject.createGRU({ ...SIZES, seed: 7, ...options });

/** A GRUCell of `SIZES` with parameters from its seed. */
export const smallCell = (subject: Subject, options: Partial<GRUOptions> = {}): Promise<GRUCell> =>
  subject.createCell({ ...SIZES, seed: 7, ...options });

/** An input [T, B, I] for `small`. */
export const smallInput = (dtype: DType = 'float32'): Tensor => sample([STEPS, BATCH, SIZES.inputSize], 11, dtype);
