/** Values of a step. */
export const FEATURES = 8;

/** Series of different lengths. */
export interface Batch {
  /** Series by series, step by step. */
  readonly values: Float32Array;
  /** Steps of each. */
  readonly lengths: readonly number[];
}

/** Series as one batch. */
export function batchOf(series: readonly ArrayLike<number>[]): Batch {
  const values = new Float32Array(series.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of series) {
    values.set(one, at);
    at += one.length;
  }
  return { values, lengths: series.map(({ length }) => length / FEATURES) };
}

/** Made up: waves of 16 to 128 steps, other ones for each number. */
function seriesOf(id: number): Float32Array {
  const steps = 16 + ((id * 37) % 113);
  return Float32Array.from({ length: steps * FEATURES }, (_, at) => Math.sin(id * 0.1 + at * 0.3));
}

/** So many series, in batches. */
export function batchesOf(count: number, size: number): readonly Batch[] {
  const starts = Array.from({ length: Math.ceil(count / size) }, (_, index) => index * size);
  return starts.map((start) =>
    batchOf(Array.from({ length: Math.min(size, count - start) }, (_, index) => seriesOf(start + index))),
  );
}
