import type { Mode } from '../backend/engine.ts';
import type { Steps } from '../drive.ts';
import { layerResult } from '../layers/results.ts';
import type { RowResults, RowSequence } from '../layers/stack.ts';
import type { RowLayout } from '../sequences/sequence.ts';
import { namedStates, wrapStates } from '../sequences/states.ts';
import { type CellRows, cellGradients } from './cell-gradients.ts';
import { listCotangents, readOutputCotangent, readStateCotangents } from './cotangents.ts';
import { type Differentiated, makePullback } from './pullback.ts';
import { recordRun, type Source } from './record.ts';

/** A checked sequence for a layer. */
export interface LayerSequence extends RowSequence {
  readonly rows: RowLayout;
  readonly batchFirst: boolean;
}

/** The `vjp` of layers and cells; a backend that has gradients hands it over in its `Backend`. */
export interface Gradients {
  layer<M extends Mode, B>(source: Source<M, B>, sequence: LayerSequence): Steps<Differentiated<M>>;
  cell<M extends Mode, B>(source: Source<M, B>, rows: CellRows): Steps<Differentiated<M>>;
}

export const gradients: Gradients = { layer, cell: cellGradients };

function* layer<M extends Mode, B>(source: Source<M, B>, sequence: LayerSequence): Steps<Differentiated<M>> {
  const { shape } = source;
  // What the backward pass holds is to be no more than what was recorded, so not the inputs nor the results.
  const { rows, batchFirst } = sequence;
  const { pullback, ownsMemory, release, ...results } = yield* recordRun(source, sequence);
  const where = `${shape.name}.vjp: pullback`;
  function read(given: unknown): RowResults {
    source.checkAlive('vjp: pullback');
    const [outputs, finals] = listCotangents(where, given, shape, 'n');
    const expected = { module: shape.name, batchFirst, dtype: shape.dtype };
    return {
      outputs: shape.outputs.map(({ row }, i) => readOutputCotangent(...outputs[i]!, rows, row, expected)),
      states: readStateCotangents(where, finals, rows, shape.states),
    };
  }
  function* back(adjoints: RowResults): Steps<object> {
    const found = yield* pullback(adjoints);
    return {
      input: shape.inputForm.unlist(
        shape.inputs.map(({ row }, i) => rows.wrap(found.inputs[i]!, row)),
        shape.inputs,
      ),
      ...namedStates(wrapStates(found.states, rows, shape.states), shape.states.values, '0'),
      parameters: found.parameters,
    };
  }
  return {
    ...layerResult(shape, rows, results),
    pullback: makePullback(where, source.driver, read, back, { ownsMemory, release }),
  };
}
