/** How far back it is counted, in milliseconds. */
const WINDOW = 1000;

/** How many steps a second are taken, as counted over the last one. */
export class Pace {
  private seen: { readonly time: number; readonly steps: number }[] = [];

  /** @param time  in milliseconds */
  at(time: number, steps: number): number {
    this.seen.push({ time, steps });
    while (this.seen.length > 2 && this.seen[1]!.time <= time - WINDOW) this.seen.shift();
    const [first] = this.seen;
    return time > first!.time ? (1000 * (steps - first!.steps)) / (time - first!.time) : 0;
  }
}
