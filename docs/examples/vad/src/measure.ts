/** What gives the probability of one chunk after the other. */
type Run = (chunk: Float32Array) => number | Promise<number>;

/** Until the engine has compiled everything for speed, which it does meanwhile. */
const WARM_UP = 30;

const ROUNDS = 51;

/**
 * Milliseconds that each takes for a chunk: medians over rounds, in which they take turns with all chunks, so that what
 * disturbs one disturbs all. A turn's time is that of the clock or, where less, of the processor: then others had it
 * meanwhile.
 */
export async function medians(runs: readonly Run[], chunks: readonly Float32Array[]): Promise<readonly number[]> {
  const times = runs.map((): number[] => []);
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const [index, run] of runs.entries()) {
      const used = process.cpuUsage();
      const start = performance.now();
      for (const chunk of chunks) {
        const result = run(chunk);
        if (result instanceof Promise) await result; // who answers at once is not made to wait
      }
      const elapsed = performance.now() - start;
      const { user, system } = process.cpuUsage(used);
      if (round >= WARM_UP) times[index]!.push(Math.min(elapsed, (user + system) / 1000) / chunks.length);
    }
  }
  return times.map((each) => each.sort((a, b) => a - b)[ROUNDS >> 1]!);
}
