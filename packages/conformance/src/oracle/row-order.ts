/** A row of a sequence's data, and the row of the state that it moves on. */
export interface RowOfStep {
  readonly row: number;
  readonly state: number;
}

/** The rows of packed data in the order in which a cell takes them, a step at a time. */
export function rowOrder(batchSizes: readonly number[], reverse: boolean): readonly RowOfStep[] {
  let row = 0;
  const steps = batchSizes.map((size) => Array.from({ length: size }, (_, state) => ({ row: row++, state })));
  return (reverse ? steps.reverse() : steps).flat();
}
