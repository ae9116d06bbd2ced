import { expect, test } from 'vitest';
import { enginesInstalled, importEngine } from '../../../tools/engines/engines.mjs';
import { inputSize, outputSize, series, streamed } from './engine-model.ts';
import { engineFiles, wrapperOf } from './exported.ts';

const SERIES = 2000;
const STEPS = 12;

/** What is used here of @duckdb/node-api. */
interface DuckDB {
  readonly DuckDBInstance: { create(): Promise<{ connect(): Promise<Connection> }> };
  readonly DuckDBScalarFunction: {
    create(given: {
      readonly name: string;
      readonly parameterTypes: readonly unknown[];
      readonly returnType: unknown;
      mainFunction(info: unknown, input: Chunk, output: Vector): void;
    }): unknown;
  };
  readonly LIST: (of: unknown) => unknown;
  readonly FLOAT: unknown;
  readonly listValue: (items: readonly number[]) => unknown;
}

interface Connection {
  run(sql: string): Promise<unknown>;
  registerScalarFunction(given: unknown): void;
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>;
  closeSync(): void;
}

interface Chunk {
  readonly rowCount: number;
  getColumnVector(index: number): Vector;
}

interface Vector {
  getItem(row: number): { readonly items: readonly number[] };
  setItem(row: number, value: unknown): void;
  flush(): void;
}

test.skipIf(!enginesInstalled())(
  `DuckDB calls an exported model as a function of SQL for ${SERIES} series, each with the bits of a stream`,
  async () => {
    const { DuckDBInstance, DuckDBScalarFunction, LIST, FLOAT, listValue } =
      await importEngine<DuckDB>('@duckdb/node-api');
    const files = engineFiles();
    const model = (await wrapperOf(files)).create(files.bytes);
    const connection = await (await DuckDBInstance.create()).connect();
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name: 'model',
        parameterTypes: [LIST(FLOAT)],
        returnType: LIST(FLOAT),
        mainFunction(_, input, output) {
          const column = input.getColumnVector(0);
          for (let row = 0; row < input.rowCount; row++) {
            const { items } = column.getItem(row);
            model.reset();
            const steps = items.length / inputSize;
            output.setItem(row, listValue([...model.run(items, steps).subarray(-outputSize)]));
          }
          output.flush();
        },
      }),
    );
    // With an exponent a literal is a DOUBLE, otherwise a DECIMAL, which is rounded.
    const literals = (values: Float32Array): string => Array.from(values, (value) => value.toExponential()).join(', ');
    const rows = Array.from({ length: SERIES }, (_, id) => `(${id}, [${literals(series(STEPS, id))}])`);
    await connection.run('CREATE TABLE given (id INTEGER, series FLOAT[])');
    await connection.run(`INSERT INTO given VALUES ${rows.join(', ')}`);
    const result = await connection.runAndReadAll('SELECT id, model(series) FROM given ORDER BY id');
    connection.closeSync();
    const got = result.getRows() as [number, { readonly items: readonly number[] }][];
    expect(got.length).toBe(SERIES);
    const wrong = got.filter(([id, { items }]) => {
      const wanted = streamed(series(STEPS, id)).subarray(-outputSize);
      return items.length !== outputSize || items.some((value, index) => !Object.is(value, wanted[index]));
    });
    expect(wrong.map(([id]) => id)).toEqual([]);
  },
);
