import { type CellSignature, type DType, dimensionNames, type FloatArray, lengthOf, widthOf } from '@congruent/runtime';
import { numbers } from '../../../tools/testing/numbers.ts';
import * as gru from '../../scalar/src/generated/gru.ts';
import * as gruResetBefore from '../../scalar/src/generated/gru_reset_before.ts';
import * as lstm from '../../scalar/src/generated/lstm.ts';
import * as lstmProjected from '../../scalar/src/generated/lstm_projected.ts';
import * as rnnRelu from '../../scalar/src/generated/rnn_relu.ts';
import * as rnnTanh from '../../scalar/src/generated/rnn_tanh.ts';
import type { Generated } from '../../scalar/src/kernels.ts';

/** The cells of the classes, in the order of their names. */
const CELLS: readonly Generated[] = [gru, gruResetBefore, lstm, lstmProjected, rnnRelu, rnnTanh];

/** Their names. */
export const cellNames: readonly string[] = CELLS.map(({ signature }) => signature.name);

/** One run of one cell, and back. */
interface Run {
  readonly dtype: DType;
  readonly dimensions: Readonly<Record<string, number>>;
  readonly batchSizes: readonly number[];
  readonly reverse: boolean;
}

/** Sizes on both sides of every border: a vector, a panel, a tile of rows, a block of the sum. */
const SIZES: readonly (readonly [I: number, H: number, batchSizes: readonly number[]])[] = [
  [1, 1, [1]],
  [3, 5, [1, 1, 1]],
  [16, 16, [1, 1]],
  [17, 33, [9, 9, 4, 1]],
  [65, 31, [5, 5, 5]],
  [130, 64, [7, 3, 2]],
  [64, 129, [2, 2]],
];

const RUNS: readonly Run[] = SIZES.flatMap(([I, H, batchSizes], at) =>
  (['float32', 'float64'] as const).flatMap((dtype) => {
    const run = { dtype, dimensions: { I, H, P: Math.ceil(H / 2) }, batchSizes };
    return [{ ...run, reverse: at % 2 === 1 }];
  }),
);

/** The cases of all cells, as the harness reads them: numbers of 64 bits, and arrays padded to that. */
export function recordedCases(): Buffer {
  const cases = CELLS.flatMap((cell, at) => RUNS.map((run) => caseOf(cell, at, run)));
  return Buffer.concat([integers(cases.length), ...cases]);
}

/** One case: what is given, and the bits that @congruent/scalar makes of it. */
function caseOf({ signature, kernels }: Generated, cell: number, run: Run): Buffer {
  const { dtype, batchSizes, reverse } = run;
  const dimensions = Object.fromEntries(dimensionNames(signature).map((name) => [name, run.dimensions[name]!]));
  const { forward, backward } = operandsOf(signature, run);
  const { tensors, inputs, states, outputs } = forward;
  const { outputAdjoints, lastAdjoints, inputAdjoints, gradients } = backward;
  const given = [tensors, inputs, states].map(group);

  const { prepare, scratch, record, residuals, prepareBackward, backwardScratch, pullBack } = kernels[dtype];
  const fresh = (length: number): FloatArray => numbers(dtype, length);
  const [rows, batch] = [batchSizes.reduce((sum, of) => sum + of, 0), batchSizes[0]!];
  const kept = residuals(dimensions, rows, fresh);
  const weights = prepare(tensors, dimensions, undefined);
  const memory = scratch(dimensions, rows, batch, fresh);
  record(weights, memory, batchSizes, reverse, ...inputs, ...states, ...outputs, kept);
  const results = [outputs, states, outputAdjoints, lastAdjoints].map(group);

  const back = prepareBackward(tensors, dimensions, fresh);
  const backMemory = backwardScratch(dimensions, rows, batch, fresh);
  const adjoints = [...outputAdjoints, ...inputAdjoints, ...lastAdjoints, ...gradients];
  pullBack(back, backMemory, kept, batchSizes, reverse, ...inputs, ...adjoints);
  const derived = [inputAdjoints, lastAdjoints, gradients].map(group);

  const sizes = Object.values(dimensions);
  const head = [cell, dtype === 'float64' ? 64 : 32, sizes.length, ...sizes, batchSizes.length, Number(reverse)];
  return Buffer.concat([integers(...head, ...batchSizes), ...given, ...results, ...derived]);
}

/** Arrays of numbers for all that a run takes. */
function operandsOf(signature: CellSignature, { dtype, dimensions, batchSizes }: Run) {
  let seed = 0;
  const arrays = <T>(values: readonly T[], lengthOfEach: (value: T) => number): readonly FloatArray[] =>
    values.map((value) => numbers(dtype, lengthOfEach(value), ++seed));
  const rows = batchSizes.reduce((sum, of) => sum + of, 0);
  const { inputs, states, outputs, parameters } = signature;
  const ofRows = (values: CellSignature['inputs'], count: number): readonly FloatArray[] =>
    arrays(values, (value) => count * widthOf(value, dimensions));
  const tensors = (): readonly FloatArray[] =>
    arrays(Object.values(parameters), ({ blocks, shape }) =>
      shape.reduce<number>((size, length) => size * lengthOf(length, dimensions), blocks.length),
    );
  const batch = batchSizes[0]!;
  const forward = {
    tensors: tensors(),
    inputs: ofRows(inputs, rows),
    states: ofRows(states, batch),
    outputs: ofRows(outputs, rows),
  };
  const backward = {
    outputAdjoints: ofRows(outputs, rows),
    lastAdjoints: ofRows(states, batch),
    inputAdjoints: ofRows(inputs, rows),
    gradients: tensors(),
  };
  return { forward, backward };
}

const integers = (...values: readonly number[]): Buffer => Buffer.from(new BigInt64Array(values.map(BigInt)).buffer);

/** How many arrays there are, and of each the number of elements and the elements. */
const group = (arrays: readonly FloatArray[]): Buffer =>
  Buffer.concat([
    integers(arrays.length),
    ...arrays.flatMap((array) => {
      const bytes = Buffer.alloc(Math.ceil(array.byteLength / 8) * 8);
      bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      return [integers(array.length), bytes];
    }),
  ]);
