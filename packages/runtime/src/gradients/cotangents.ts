import { rowsOf } from '../backend/engine.ts';
import { listOf } from '../dict.ts';
import { CongruentError, describe } from '../errors.ts';
import type { StackShape } from '../layers/shape.ts';
import { anything, resolve } from '../options/option-rules.ts';
import type { Labelled } from '../sequences/form.ts';
import { type PackedSequence, readPacked } from '../sequences/packed.ts';
import { type Expected, type RowLayout, type RowShape, readRows } from '../sequences/sequence.ts';
import { type ExpectedStates, type LayerStates, readStates, wrapStates } from '../sequences/states.ts';
import { checkTensor, type DType, type FloatArray, shapeText, sizeOf, type Tensor, zeros } from '../tensor.ts';

/**
 * The gradients of results that are given by name: of each output, with the start of its error messages, and of each state.
 *
 * @throws CONGRUENT_OPTION where there is none, or one of something else
 */
export function listCotangents(
  where: string,
  given: unknown,
  { outputs, outputForm, states }: StackShape,
  suffix: string,
): [readonly Labelled[], unknown[]] {
  const { key } = outputForm;
  const names = states.values.map(({ name }) => name + suffix);
  const results = resolve(where, anything([key, ...names]), given);
  const ofOutputs = (outputForm.cotangents ?? outputForm.list)(`${where}: ${key}`, results[key], outputs);
  const ofStates = names.map((name) => results[name]);
  if ([...ofOutputs.map(([, value]) => value), ...ofStates].every((each) => (each ?? null) === null)) {
    throw new CongruentError(
      'CONGRUENT_OPTION',
      `${where}: there is no gradient to go back from. Give { ${[key, ...names].join(', ')} } or some of them.`,
    );
  }
  return [ofOutputs, ofStates];
}

/**
 * The gradient of an output as rows; zeros where none is given.
 *
 * @param where  the start of an error message, e.g. `GRU.vjp: pullback: output`
 * @param rows   those of the run
 * @param row    the shape of the output in one of them
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE, CONGRUENT_PACKED
 */
export function readOutputCotangent(
  where: string,
  cotangent: unknown,
  rows: RowLayout,
  row: RowShape,
  layer: Expected,
): FloatArray {
  const { dtype } = layer;
  const none = zeros(dtype, rowsOf(rows.batchSizes) * sizeOf(row));
  if (cotangent === undefined || cotangent === null) return none;
  const expected = rows.wrap(none, row);
  if (!('batchSizes' in expected)) {
    const given = checkLike(where, cotangent, expected.shape, dtype);
    return rows.batch === 0 ? none : readRows(where, given, row, layer).data;
  }
  const packed = readPacked(where, cotangent, dtype);
  if (packed && isPackedLike(packed, expected)) {
    return checkLike(`${where}.data`, packed.data, expected.data.shape, dtype).data;
  }
  throw new CongruentError(
    'CONGRUENT_PACKED',
    `${where} must be a PackedSequence made from the output: { ...output, data: gradient }, got ${describe(cotangent)}.`,
  );
}

/**
 * The gradients of the last states by layer and direction, in the order of the rows; zeros where none are given.
 *
 * @param given  one for each state
 * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE
 */
export function readStateCotangents(
  where: string,
  given: readonly unknown[],
  rows: RowLayout,
  expected: ExpectedStates,
): LayerStates {
  const none = wrapStates(
    readStates(
      where,
      given.map(() => undefined),
      rows,
      expected,
    ),
    rows,
    expected,
  );
  const checked = given.map((cotangent, i) =>
    (cotangent ?? null) === null
      ? undefined
      : checkLike(`${where}: ${expected.values[i]!.name}n`, cotangent, none[i]!.shape, expected.dtype),
  );
  return readStates(where, checked, rows, expected);
}

/** Refuses a gradient whose shape or type is not its result's, in torch's words. */
export function checkLike(where: string, cotangent: unknown, shape: readonly number[], dtype: DType): Tensor {
  const checked = checkTensor(where, cotangent, dtype);
  if (shapeText(checked.shape) !== shapeText(shape)) {
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: Mismatch in shape: grad_output has a shape of ${shapeText(checked.shape)} and output has a shape of ` +
        `${shapeText(shape)}.`,
    );
  }
  return checked;
}

/** Whether what was given, which may be anything, has the lists of what is expected. */
function isPackedLike(given: PackedSequence, expected: PackedSequence): boolean {
  const isSame = (name: 'batchSizes' | 'sortedIndices' | 'unsortedIndices'): boolean => {
    const wanted = expected[name];
    const list = listOf(given[name]);
    if (wanted === null || !list) return given[name] === wanted;
    return list.length === wanted.length && wanted.every((number, i) => list[i] === number);
  };
  return isSame('batchSizes') && isSame('sortedIndices') && isSame('unsortedIndices');
}
