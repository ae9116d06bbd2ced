import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installDuckDB } from './duckdb.ts';
import { type LastStates, openModel, parametersOf, STATE } from './model.ts';
import { openDuckDB, writeSeries, writeStates } from './parquet.ts';
import { Pool } from './pool.ts';
import { type Batch, batchesOf, FEATURES } from './series.ts';

const HELP = `npm run example:scale -- [--series N] [--threads N]

  --series N   how many series (default: 20000)
  --threads N  workers of the pool (default: one for each processor)`;

/** Series of a batch. */
const BATCH = 256;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      series: { type: 'string', default: '20000' },
      threads: { type: 'string', default: `${availableParallelism()}` },
    },
  });
  const [count, threads] = [Number(values.series), Number(values.threads)];
  if (values.help || !(Number.isInteger(count) && count > 0 && Number.isInteger(threads) && threads > 0)) {
    console.log(HELP);
    return;
  }
  installDuckDB();
  const parameters = parametersOf(0);
  const lastStates = openModel(parameters);
  console.log(
    `${count.toLocaleString('en')} series of 16 to 128 steps of ${FEATURES} values, ` +
      `a GRU with a state of ${STATE}; ${cpus()[0]!.model}, ${availableParallelism()} processors, Node ${process.versions.node}\n`,
  );
  const pool = new Pool(threads, parameters);
  await pool.lastStates(batchesOf(1, 1)[0]!); // the workers are there
  await fromArrays(count, threads, lastStates, pool);
  await fromParquet(count, threads, lastStates, pool);
  await pool.close();
}

async function fromArrays(count: number, threads: number, lastStates: LastStates, pool: Pool): Promise<void> {
  const batches = batchesOf(count, BATCH);
  lastStates(batches[0]!); // compiled
  const here = await timed(async () => batches.map(lastStates));
  const there = await timed(() => inTurn(batches, pool));
  print('arrays, this thread', count, here.seconds);
  print(`arrays, pool of ${threads}`, count, there.seconds, here.seconds);
  const equal = here.result.every((states, index) => Buffer.compare(bytes(states), bytes(there.result[index]!)) === 0);
  console.log(`  ${equal ? 'the same bits' : 'other bits'}\n`);
}

/** Batches over a pool, each as soon as there is room. */
async function inTurn(batches: readonly Batch[], pool: Pool): Promise<readonly Float32Array[]> {
  const pending: Promise<Float32Array>[] = [];
  for (const batch of batches) {
    await pool.ready();
    pending.push(pool.lastStates(batch));
  }
  return Promise.all(pending);
}

async function fromParquet(count: number, threads: number, lastStates: LastStates, pool: Pool): Promise<void> {
  const connection = await openDuckDB(lastStates);
  const folder = await mkdtemp(join(tmpdir(), 'congruent-scale-'));
  const file = (name: string): string => join(folder, `${name}.parquet`);
  const shares = Array.from({ length: threads }, (_, rest) => rest);
  await writeSeries(connection, count, file('series'));
  const writeShare = (rest: number): Promise<void> =>
    pool.writeStates({ from: file('series'), to: file(`pool-${rest}`), rest, of: threads });
  const here = await timed(() => writeStates(connection, { from: file('series'), to: file('here'), rest: 0, of: 1 }));
  const there = await timed(() => Promise.all(shares.map(writeShare)));
  print('Parquet, this thread', count, here.seconds);
  print(`Parquet, pool of ${threads}`, count, there.seconds, here.seconds);
  const result = await connection.stream(
    `SELECT count(*)::INTEGER FROM (FROM '${file('here')}' EXCEPT FROM '${file('pool-*')}')`,
  );
  const [differing] = (await result.fetchChunk())!.getColumnValues(0);
  console.log(`  ${differing === 0 ? 'the same values' : `${differing} series differ`}`);
  connection.closeSync();
  await rm(folder, { recursive: true });
}

async function timed<T>(act: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const start = performance.now();
  const result = await act();
  return { result, seconds: (performance.now() - start) / 1000 };
}

function print(what: string, count: number, seconds: number, beside?: number): void {
  const rate = Math.round(count / seconds).toLocaleString('en');
  const ratio = beside === undefined ? '' : `   ${(beside / seconds).toFixed(2)}×`;
  console.log(`  ${what.padEnd(28)}${seconds.toFixed(2).padStart(7)} s${rate.padStart(10)} series/s${ratio}`);
}

const bytes = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

await main();
