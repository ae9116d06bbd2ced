import type { DType, Tensor } from '@congruent/runtime';
import { outputWidth, sizeOf, stateCount, stateWidths } from '../kinds/sizes.ts';
import type { Options } from '../subject/classes.ts';
import type { CellUnderTest, LayersUnderTest } from '../subject/layers.ts';
import type { Subject } from '../subject/subject.ts';
import { fill } from '../vectors/fill.ts';

/** A tensor of numbers in (-1, 1), or of another scale, that follow from a seed. */
export function sample(shape: readonly number[], seed: number, dtype: DType = 'float32', scale = 1): Tensor {
  return { data: fill(seed, sizeOf(shape), scale, dtype), shape };
}

/** Sizes that let no mix-up of dimensions pass. */
export const SIZES = { inputSize: 3, hiddenSize: 5 } as const;
export const STEPS = 4;
export const BATCH = 2;

/** Layers of `SIZES` with parameters from their seed. */
export const small = (subject: Subject, options: object = {}): Promise<LayersUnderTest> =>
  subject.createLayers({ ...SIZES, seed: 7, ...options });

/** A cell of `SIZES` with parameters from its seed. */
export const smallCell = (subject: Subject, options: object = {}): Promise<CellUnderTest> =>
  subject.createCell({ ...SIZES, seed: 7, ...options });

/** An input [T, B, I] for `small`. */
export const smallInput = (dtype: DType = 'float32'): Tensor => sample([STEPS, BATCH, SIZES.inputSize], 11, dtype);

const sizesOf = ({ kind }: Pick<Subject, 'kind'>) => ({ ...SIZES, ...kind.options });

/** Features of one direction of the output of `small`. */
export const smallWidth = (subject: Pick<Subject, 'kind'>): number => outputWidth(subject.kind, sizesOf(subject));

/** The shapes of the states of `small`, in the cell's order; without a batch where `rows` is empty. */
export function smallStateShapes(
  subject: Pick<Subject, 'kind'>,
  { numLayers = 1, bidirectional = false }: Options = {},
  rows: readonly number[] = [BATCH],
): number[][] {
  const count = stateCount({ numLayers, bidirectional });
  return rowStateShapes(subject, rows).map((shape) => [count, ...shape]);
}

/** The shapes of the states of `smallCell`. */
export const rowStateShapes = (subject: Pick<Subject, 'kind'>, rows: readonly number[] = [BATCH]): number[][] =>
  stateWidths(subject.kind, sizesOf(subject)).map((width) => [...rows, width]);

/** Tensors of these shapes. */
export const samples = (shapes: readonly (readonly number[])[], seed: number, dtype: DType = 'float32'): Tensor[] =>
  shapes.map((shape, index) => sample(shape, seed + 50 * index, dtype));
