/** Points that a curve has at most; a power of two. */
const MOST = 1024;

/** The losses of any number of steps as a curve of some points, each the mean of equally many. */
export class LossCurve {
  private means: number[] = [];
  /** Steps of a point. */
  private every = 1;
  private sum = 0;
  private count = 0;

  add(losses: Iterable<number>): void {
    for (const loss of losses) {
      this.sum += loss;
      this.count++;
      if (this.count < this.every) continue;
      this.means.push(this.sum / this.count);
      this.sum = 0;
      this.count = 0;
      if (this.means.length === MOST) this.halve();
    }
  }

  /** The steps at which the points end, and their losses. */
  get points(): readonly [steps: number[], losses: number[]] {
    return [this.means.map((_, at) => (at + 1) * this.every), this.means];
  }

  private halve(): void {
    this.means = Array.from({ length: MOST / 2 }, (_, at) => (this.means[2 * at]! + this.means[2 * at + 1]!) / 2);
    this.every *= 2;
  }
}
