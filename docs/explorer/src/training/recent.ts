/** The mean of the last values. */
export class Recent {
  private readonly values: number[] = [];
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  add(values: Iterable<number>): void {
    this.values.push(...values);
    this.values.splice(0, Math.max(0, this.values.length - this.most));
  }

  /** NaN where there are none. */
  get mean(): number {
    return this.values.reduce((sum, value) => sum + value, 0) / this.values.length;
  }
}
