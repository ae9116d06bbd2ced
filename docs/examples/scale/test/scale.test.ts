import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GRU, tensor } from '@congruent/wasm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Connection, duckDBInstalled, type List } from '../src/duckdb.ts';
import { openModel, parametersOf, STATE } from '../src/model.ts';
import { openDuckDB, writeSeries, writeStates } from '../src/parquet.ts';
import { Pool } from '../src/pool.ts';
import { type Batch, batchesOf, FEATURES } from '../src/series.ts';

const parameters = parametersOf(0);
const gru = GRU.fromStateDictSync(parameters);

/** Each series on its own. */
function alone({ values, lengths }: Batch): Float32Array[] {
  let at = 0;
  return lengths.map((steps) => {
    const start = at;
    at += steps * FEATURES;
    return gru.forward(tensor(values.slice(start, at), [steps, FEATURES])).hn.data as Float32Array;
  });
}

/** The same numbers, one after the other. */
const joined = (parts: readonly Float32Array[]): number[] => parts.flatMap((part) => [...part]);

function openPool(threads: number): Pool {
  const pool = new Pool(threads, parameters);
  onTestFinished(() => pool.close());
  return pool;
}

test('batches hold all series, of different lengths', () => {
  const batches = batchesOf(25, 10);
  expect(batches.map(({ lengths }) => lengths.length)).toEqual([10, 10, 5]);
  for (const { values, lengths } of batches)
    expect(values.length).toBe(FEATURES * lengths.reduce((sum, length) => sum + length, 0));
  expect(new Set(batches.flatMap(({ lengths }) => lengths)).size).toBe(25);
});

test('a batch leaves the states that its series leave alone, to the bit and in their order', () => {
  const [batch] = batchesOf(40, 40);
  expect([...openModel(parameters)(batch!)]).toEqual(joined(alone(batch!)));
});

test.each([1, 3])('a pool of %i gives the same, batch by batch', async (threads) => {
  const pool = openPool(threads);
  const wanted = batchesOf(60, 7).map((batch) => joined(alone(batch)));
  const got: Promise<Float32Array>[] = [];
  for (const batch of batchesOf(60, 7)) {
    await pool.ready();
    got.push(pool.lastStates(batch));
  }
  expect((await Promise.all(got)).map((states) => [...states])).toEqual(wanted);
});

describe.skipIf(!duckDBInstalled())('from a Parquet file', () => {
  interface Row {
    readonly id: number;
    readonly list: readonly number[];
  }

  async function rowsOf(connection: Connection, sql: string): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const result = await connection.stream(sql);
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      const lists = chunk.getColumnValues(1) as readonly List[];
      rows.push(...chunk.getColumnValues(0).map((id, row) => ({ id: id as number, list: lists[row]!.items })));
    }
    return rows;
  }

  async function open(): Promise<{ connection: Connection; file(name: string): string }> {
    const connection = await openDuckDB(openModel(parameters));
    const folder = await mkdtemp(join(tmpdir(), 'congruent-scale-'));
    onTestFinished(async () => {
      connection.closeSync();
      await rm(folder, { recursive: true });
    });
    return { connection, file: (name) => join(folder, `${name}.parquet`) };
  }

  // More than one chunk of 2,048 rows.
  const COUNT = 2100;

  test('one thread, and the shares of a pool, write the states that the series leave alone', async () => {
    const { connection, file } = await open();
    const from = file('series');
    await writeSeries(connection, COUNT, from);
    const series = await rowsOf(connection, `FROM '${from}' ORDER BY id`);
    expect(series.length).toBe(COUNT);
    const wanted = series.map(({ id, list }) => {
      const steps = list.length / FEATURES;
      return { id, list: [...(gru.forward(tensor(list, [steps, FEATURES])).hn.data as Float32Array)] };
    });
    expect(wanted[0]!.list.length).toBe(STATE);

    await writeStates(connection, { from, to: file('here'), rest: 0, of: 1 });
    expect(await rowsOf(connection, `FROM '${file('here')}' ORDER BY id`)).toEqual(wanted);

    const pool = openPool(2);
    await Promise.all([0, 1].map((rest) => pool.writeStates({ from, to: file(`pool-${rest}`), rest, of: 2 })));
    expect((await rowsOf(connection, `FROM '${file('pool-0')}' ORDER BY id`)).map(({ id }) => id % 2)).not.toContain(1);
    expect(await rowsOf(connection, `FROM '${file('pool-*')}' ORDER BY id`)).toEqual(wanted);
  });
});
