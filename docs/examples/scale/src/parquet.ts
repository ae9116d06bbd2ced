import type { Connection, DuckDB, List } from './duckdb.ts';
import { type LastStates, STATE } from './model.ts';
import type { Pool } from './pool.ts';
import { batchOf, FEATURES } from './series.ts';

/** Writes so many series to a Parquet file: columns `id`, and `series` with all values of a series in a list. */
export const writeSeries = (connection: Connection, count: number, file: string): Promise<unknown> =>
  connection.run(`
    COPY (
      SELECT id::INTEGER AS id, list_transform(
        range(${FEATURES} * (16 + (id * 37) % 113)), lambda k: sin(id * 0.1 + k * 0.3)::FLOAT
      ) AS series
      FROM range(${count}) AS numbers(id)
    ) TO '${file}'`);

/** The model as a function of SQL, from FLOAT[] to FLOAT[]: DuckDB calls it with up to 2,048 rows. */
export function registerModel(duckdb: DuckDB, connection: Connection, lastStates: LastStates): void {
  const { DuckDBScalarFunction, FLOAT, LIST, listValue } = duckdb;
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: 'last_state',
      parameterTypes: [LIST(FLOAT)],
      returnType: LIST(FLOAT),
      mainFunction(_, input, output) {
        const states = lastStates(batchOf(listsIn(input.getColumnValues(0))));
        for (let row = 0; row < input.rowCount; row++) output.setItem(row, listValue(stateAt(states, row)));
        output.flush();
      },
    }),
  );
}

/** From file to file in one query, on this thread. */
export const bySql = (connection: Connection, from: string, to: string): Promise<unknown> =>
  connection.run(`COPY (SELECT id, last_state(series) AS state FROM '${from}') TO '${to}'`);

/** From file to file, a chunk of rows to each worker. */
export async function byPool(
  duckdb: DuckDB,
  connection: Connection,
  pool: Pool,
  from: string,
  to: string,
): Promise<void> {
  await connection.run('CREATE OR REPLACE TABLE states (id INTEGER, state FLOAT[])');
  const appender = await connection.createAppender('states');
  const type = duckdb.LIST(duckdb.FLOAT);
  const append = (ids: readonly number[], states: Float32Array): void =>
    ids.forEach((id, row) => {
      appender.appendInteger(id);
      appender.appendList(duckdb.listValue(stateAt(states, row)), type);
      appender.endRow();
    });
  const rows = await connection.stream(`SELECT id, series FROM '${from}'`);
  const pending: Promise<void>[] = [];
  for (let chunk = await rows.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await rows.fetchChunk()) {
    const ids = chunk.getColumnValues(0) as readonly number[];
    await pool.ready();
    pending.push(pool.lastStates(batchOf(listsIn(chunk.getColumnValues(1)))).then((states) => append(ids, states)));
  }
  await Promise.all(pending);
  appender.closeSync();
  await connection.run(`COPY (FROM states ORDER BY id) TO '${to}'`);
}

const listsIn = (values: readonly unknown[]): readonly (readonly number[])[] =>
  (values as readonly List[]).map(({ items }) => items);

const stateAt = (states: Float32Array, row: number): number[] => [...states.subarray(row * STATE, (row + 1) * STATE)];
