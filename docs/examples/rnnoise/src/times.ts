/** Frames that each contestant has run in a row, as in use, before it is another's turn. */
const FRAMES_IN_A_ROW = 50;
const ROUNDS = 12;

/**
 * Microseconds of a frame of each contestant: medians over all frames but those of the first round. They take turns, so that
 * whatever else the machine does meets all of them.
 *
 * @param contestants  each runs its next frame
 */
export function medianTimes(
  contestants: Readonly<Record<string, (frame: number) => unknown>>,
): Readonly<Record<string, number>> {
  const entries = Object.entries(contestants);
  const times = new Map(entries.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of entries) {
      for (let frame = 0; frame < FRAMES_IN_A_ROW; frame++) {
        const start = performance.now();
        run(round * FRAMES_IN_A_ROW + frame);
        if (round > 0) times.get(name)!.push(1000 * (performance.now() - start));
      }
    }
  }
  return Object.fromEntries([...times].map(([name, each]) => [name, median(each)]));
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
