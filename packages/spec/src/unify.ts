import { type Dimension, lengthOf, root, unifyDimensions } from './dimensions.ts';
import { type Span, SpecError } from './error.ts';

/** The shape of a value: dimensions, or not known yet. */
export type Unknown = { dimensions: readonly Dimension[] | undefined; same: Unknown | undefined };

export const shapeOf = (dimensions?: readonly Dimension[]): Unknown => ({ dimensions, same: undefined });

/** Makes shapes the same, in one cell. */
export class Unifier {
  private readonly source: string;
  /** Of lengths that are the same, once it is known what they are sums of. */
  private readonly later: {
    readonly left: Unknown;
    readonly right: Unknown;
    readonly span: Span;
    readonly what: string;
  }[] = [];

  constructor(source: string) {
    this.source = source;
  }

  /**
   * Makes two shapes the same, and gives it.
   *
   * @param what  whose they are, as an error begins
   * @throws SPEC_SHAPE
   */
  unify(left: Unknown, right: Unknown, span: Span, what: string): Unknown {
    const [a, b] = [root(left), root(right)];
    if (a === b) return a;
    if (!a.dimensions) {
      a.same = b;
      return b;
    }
    if (!b.dimensions) {
      b.same = a;
      return a;
    }
    const lengths = b.dimensions;
    const fits = a.dimensions.length === lengths.length;
    const found = a.dimensions.map((length, axis) => fits && unifyDimensions(length, lengths[axis]!));
    if (fits && found.every((same) => same !== false)) {
      if (found.includes(undefined)) this.later.push({ left, right, span, what });
      return a;
    }
    return this.differ(a, b, span, what);
  }

  /** Unifies what had to wait, for as long as that makes more of it known. */
  solve(): void {
    for (let open = Infinity; this.later.length > 0 && this.later.length < open; ) {
      open = this.later.length;
      for (const { left, right, span, what } of this.later.splice(0)) this.unify(left, right, span, what);
    }
  }

  private differ(a: Unknown, b: Unknown, span: Span, what: string): never {
    const remedy = 'Make both shapes the same; `W @ v` takes a matrix [m, n] and a vector [n] and gives [m].';
    const named = namedAndNumber(a.dimensions!, b.dimensions!);
    throw new SpecError(
      'SPEC_SHAPE',
      this.source,
      span,
      `${what}: ${show(a)} and ${show(b)} do not unify`,
      named ? `${named[0]} stands for any length: write ${named[1]} where ${named[0]} is declared. ${remedy}` : remedy,
    );
  }
}

/** The first dimension of two shapes that one of them names and the other gives as a number. */
function namedAndNumber(
  left: readonly Dimension[],
  right: readonly Dimension[],
): readonly [string, number] | undefined {
  for (const [axis, dimension] of left.entries()) {
    const pair = [lengthOf(dimension), right[axis] && lengthOf(right[axis])];
    const [name, number] = [
      pair.find((each) => typeof each === 'string'),
      pair.find((each) => typeof each === 'number'),
    ];
    if (name !== undefined && number !== undefined) return [name, number];
  }
  return undefined;
}

/** `[H, I]`, or that it is not known. */
export const show = (shape: Unknown): string =>
  shape.dimensions ? `[${shape.dimensions.map((length) => lengthOf(length) ?? '?').join(', ')}]` : 'an unknown shape';
