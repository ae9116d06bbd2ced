import type { StateDict } from '@congruent/wasm';
import { move, workerData } from 'piscina';
import { openModel } from './model.ts';
import type { Batch } from './series.ts';

// Once for each worker: a layer belongs to its thread, weights and results are plain arrays.
const lastStates = openModel(workerData as StateDict);

/** What the pool calls with each batch; `move` hands the result over without a copy. */
export default (batch: Batch): ReturnType<typeof move> => move(lastStates(batch));
