import type { Part, Plane } from './device.ts';
import type { Scope } from './scope.ts';

/**
 * Collects rows step by step into one plane. A kernel's result is a new plane and takes a few operands, so parts are
 * stacked in groups, the groups again, and so on: each row is copied log(steps) times, and few planes are ever there.
 */
export class RowStack {
  private readonly scope: Scope;
  private readonly reverse: boolean;
  private readonly levels: Part<Plane>[][] = [];

  /** @param reverse  later parts come above earlier ones */
  constructor(scope: Scope, reverse: boolean) {
    this.scope = scope;
    this.reverse = reverse;
  }

  /** Takes the plane over, and releases it once its rows are copied. */
  async push(part: Part<Plane>, level = 0): Promise<void> {
    this.levels[level] ??= [];
    const parts = this.levels[level];
    parts.push(part);
    const most = this.scope.device.parts;
    if (parts.length > most) await this.push(await this.stacked(parts.splice(0, most)), level + 1);
  }

  /** All rows; where they came in one part, that. */
  async finish(): Promise<Plane> {
    const most = this.scope.device.parts;
    let parts = this.levels.reverse().flat();
    while (parts.length > 1) {
      const groups: Part<Plane>[] = [];
      for (let at = 0; at < parts.length; at += most) {
        groups.push(await this.stacked(parts.slice(at, at + most)));
      }
      parts = groups;
    }
    return (await this.stacked(parts)).plane;
  }

  private async stacked(parts: readonly Part<Plane>[]): Promise<Part<Plane>> {
    const [first] = parts;
    if (parts.length === 1 && first!.rows === first!.plane.rows) return first!;
    const plane = await this.scope.stack(this.reverse ? parts.toReversed() : parts);
    for (const part of parts) this.scope.release(part.plane);
    return { plane, rows: plane.rows };
  }
}
