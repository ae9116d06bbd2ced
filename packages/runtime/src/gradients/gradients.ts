import type { GRUCellGradients, GRUCellVjp, GRUCotangents, GRUGradients, GRUVjp } from '../api.ts';
import type { Mode } from '../backend/engine.ts';
import type { Steps } from '../drive.ts';
import { CongruentError } from '../errors.ts';
import { resolve } from '../options/option-rules.ts';
import type { PackedSequence } from '../sequences/packed.ts';
import { type ExpectedStates, type Rows, wrapStates } from '../sequences/sequence.ts';
import { type FloatArray, type Tensor, zeros } from '../tensor.ts';
import { checkLike, readOutputCotangent, readStateCotangents } from './cotangents.ts';
import { makePullback } from './pullback.ts';
import { recordNothing, recordRun, type Source } from './record.ts';

/** A checked sequence for a GRU, and what it is checked against. */
export interface GRUSequence {
  readonly rows: Rows;
  readonly states: readonly FloatArray[];
  readonly masks: readonly FloatArray[];
  readonly expected: ExpectedStates;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly batchFirst: boolean;
}

/** A checked row or batch of rows for a cell. */
export interface CellRows {
  readonly data: FloatArray;
  readonly state: FloatArray;
  readonly batch: number;
  readonly inputShape: readonly number[];
  readonly stateShape: readonly number[];
}

/** The `vjp` of GRU and GRUCell; a backend that has gradients hands it over in its `Backend`. */
export interface Gradients {
  gru<M extends Mode, B>(source: Source<M, B>, sequence: GRUSequence): Steps<GRUVjp<M, Tensor | PackedSequence>>;
  cell<M extends Mode, B>(source: Source<M, B>, rows: CellRows): Steps<GRUCellVjp<M>>;
}

export const gradients: Gradients = { gru, cell };

const WHERE = 'vjp: pullback';

function* gru<M extends Mode, B>(
  source: Source<M, B>,
  sequence: GRUSequence,
): Steps<GRUVjp<M, Tensor | PackedSequence>> {
  const { states, masks, expected, inputSize, outputSize: features, batchFirst } = sequence;
  // What the backward pass holds is to be no more than what was recorded, so not the input nor the results.
  const { data, ...rows } = sequence.rows;
  const { batch, batchSizes } = rows;
  const {
    output,
    states: finals,
    pullback,
    release,
  } = batch === 0 ? recordNothing(source, states) : yield* recordRun(source, { data, batchSizes, states, masks });
  const where = `GRU.${WHERE}`;
  function* back(given: GRUCotangents<Tensor | PackedSequence>): Steps<GRUGradients<Tensor | PackedSequence>> {
    source.checkAlive(WHERE);
    resolve(where, {}, given, ['output', 'hn']);
    if ((given.output ?? given.hn ?? null) === null) {
      throw new CongruentError(
        'CONGRUENT_OPTION',
        `${where}: there is no gradient to go back from. Give { output }, { hn } or both.`,
      );
    }
    const ofOutput = readOutputCotangent(`${where}: output`, given.output, rows, {
      features,
      batchFirst,
      dtype: source.dtype,
    });
    const hn = readStateCotangents(`${where}: hn`, given.hn, rows, expected);
    const found = yield* pullback(ofOutput, hn);
    return {
      input: rows.wrap(found.input, inputSize),
      h0: wrapStates(found.states, rows, expected),
      parameters: found.parameters,
    };
  }
  return {
    output: rows.wrap(output, features),
    hn: wrapStates(finals, rows, expected),
    pullback: makePullback(where, source.mode, back, release),
  };
}

function* cell<M extends Mode, B>(source: Source<M, B>, rows: CellRows): Steps<GRUCellVjp<M>> {
  const { data, state, batch, inputShape, stateShape } = rows;
  const { states, pullback, release } =
    batch === 0
      ? recordNothing(source, [state])
      : yield* recordRun(source, { data, batchSizes: [batch], states: [state], masks: [] });
  const where = `GRUCell.${WHERE}`;
  const output = { data: states[0]!, shape: [...stateShape] };
  function* back(given: Tensor): Steps<GRUCellGradients> {
    source.checkAlive(WHERE);
    const cotangent = checkLike(where, given, stateShape, source.dtype);
    const none = zeros(source.dtype, cotangent.data.length);
    const found = yield* pullback(none, [cotangent.data]);
    return {
      input: { data: found.input, shape: [...inputShape] },
      hx: { data: found.states[0]!, shape: [...stateShape] },
      parameters: found.parameters,
    };
  }
  return { output, pullback: makePullback(where, source.mode, back, release) };
}
