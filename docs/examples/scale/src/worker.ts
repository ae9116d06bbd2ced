import type { StateDict } from '@congruent/wasm';
import { move, workerData } from 'piscina';
import { openModel } from './model.ts';
import { openDuckDB, type Share, writeStates } from './parquet.ts';
import type { Batch } from './series.ts';

// Once for each worker: a layer belongs to its thread, weights and results are plain arrays.
const lastStates = openModel(workerData as StateDict);

/** What the pool calls with each batch; `move` hands the result over without a copy. */
export const ofArrays = (batch: Batch): ReturnType<typeof move> => move(lastStates(batch));

let duckdb: ReturnType<typeof openDuckDB> | undefined;

/** The same with each share of a file. */
export async function ofParquet(share: Share): Promise<void> {
  duckdb ??= openDuckDB(lastStates);
  await writeStates(await duckdb, share);
}
