import { type Connection, type DuckDB, importDuckDB, type List } from './duckdb.ts';
import { type LastStates, STATE } from './model.ts';
import { batchOf, FEATURES } from './series.ts';

/** A share of a file's series, and where their states go. */
export interface Share {
  readonly from: string;
  readonly to: string;
  /** Of the series, those whose number leaves this rest when it is divided by `of`. */
  readonly rest: number;
  readonly of: number;
}

/** A DuckDB of this thread, with the model as a function of SQL. */
export async function openDuckDB(lastStates: LastStates): Promise<Connection> {
  const duckdb = await importDuckDB();
  const connection = await (await duckdb.DuckDBInstance.create()).connect();
  registerModel(duckdb, connection, lastStates);
  return connection;
}

/** Writes so many series to a Parquet file: columns `id`, and `series` with all values of a series in a list. */
export const writeSeries = (connection: Connection, count: number, file: string): Promise<unknown> =>
  connection.run(`
    COPY (
      SELECT id::INTEGER AS id, list_transform(
        range(${FEATURES} * (16 + (id * 37) % 113)), lambda k: sin(id * 0.1 + k * 0.3)::FLOAT
      ) AS series
      FROM range(${count}) AS numbers(id)
    ) TO '${file}'`);

/** From FLOAT[] to FLOAT[]; DuckDB calls it with up to 2,048 rows. */
function registerModel(duckdb: DuckDB, connection: Connection, lastStates: LastStates): void {
  const { DuckDBScalarFunction, FLOAT, LIST, listValue } = duckdb;
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: 'last_state',
      parameterTypes: [LIST(FLOAT)],
      returnType: LIST(FLOAT),
      mainFunction(_, input, output) {
        const lists = input.getColumnValues(0) as readonly List[];
        const states = lastStates(batchOf(lists.map(({ items }) => items)));
        for (let row = 0; row < input.rowCount; row++) output.setItem(row, listValue(stateAt(states, row)));
        output.flush();
      },
    }),
  );
}

const stateAt = (states: Float32Array, row: number): number[] => [...states.subarray(row * STATE, (row + 1) * STATE)];

/** From file to file in one query. */
export const writeStates = (connection: Connection, { from, to, rest, of }: Share): Promise<unknown> =>
  connection.run(`COPY (SELECT id, last_state(series) AS state FROM '${from}' WHERE id % ${of} = ${rest}) TO '${to}'`);
