import { importApart, install, isInstalled } from '../../../../tools/testing/apart.mjs';

/** Where DuckDB is installed, on its own, so that `npm ci` at the top does not bring it. */
const apart = new URL('../apart/', import.meta.url);

/** Installs it where it is not there. */
export const installDuckDB = (): void => install(apart, 'DuckDB into docs/examples/scale/apart (about 70 MB)');

/** Whether it is there. */
export const duckDBInstalled = (): boolean => isInstalled(apart);

/** What is used of @duckdb/node-api. */
export interface DuckDB {
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
  readonly listValue: (items: readonly number[]) => List;
}

export interface Connection {
  run(sql: string): Promise<unknown>;
  stream(sql: string): Promise<{ fetchChunk(): Promise<Chunk | null> }>;
  registerScalarFunction(given: unknown): void;
  closeSync(): void;
}

/** Up to 2,048 rows. */
interface Chunk {
  readonly rowCount: number;
  getColumnValues(index: number): readonly unknown[];
}

interface Vector {
  setItem(row: number, value: unknown): void;
  flush(): void;
}

export interface List {
  readonly items: readonly number[];
}

export const importDuckDB = (): Promise<DuckDB> => importApart<DuckDB>(apart, '@duckdb/node-api');
