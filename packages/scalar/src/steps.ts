/** One step of a sequence: how many rows it has, and which of the sequence is its first. */
export interface Step {
  readonly first: number;
  readonly batch: number;
}

/** The steps in the order in which they are run. */
export function stepsOf(batchSizes: readonly number[], reverse: boolean): Step[] {
  let first = 0;
  const steps = batchSizes.map((batch) => {
    const step = { first, batch };
    first += batch;
    return step;
  });
  return reverse ? steps.reverse() : steps;
}
