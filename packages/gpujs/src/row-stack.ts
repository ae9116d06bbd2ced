import { type Part, type Plane, STACK } from './device.ts';
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

  /** Takes the plane over. The last one pushed may still be read until the next push. */
  async push(part: Part<Plane>, level = 0): Promise<void> {
    this.levels[level] ??= [];
    const parts = this.levels[level];
    parts.push(part);
    if (parts.length > STACK) await this.push(await this.stacked(parts.splice(0, STACK)), level + 1);
  }

  /** All rows; `last`, the plane pushed last, stays where it is given. */
  async finish(last?: Plane): Promise<Plane> {
    let parts = this.levels.reverse().flat();
    while (parts.length > 1) {
      const groups: Part<Plane>[] = [];
      for (let at = 0; at < parts.length; at += STACK) {
        groups.push(await this.stacked(parts.slice(at, at + STACK), last));
      }
      parts = groups;
    }
    return (await this.stacked(parts, last)).plane;
  }

  private async stacked(parts: readonly Part<Plane>[], keep?: Plane): Promise<Part<Plane>> {
    const [first] = parts;
    if (parts.length === 1 && first!.rows === first!.plane.rows) return first!;
    const plane = await this.scope.stack(this.reverse ? parts.toReversed() : parts);
    for (const part of parts) if (part.plane !== keep) this.scope.release(part.plane);
    return { plane, rows: plane.rows };
  }
}
