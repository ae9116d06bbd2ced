import { type Length, sumOfLengths } from './syntax.ts';

/** A dimension: of a declared length such as `I` or 65, as long as others one after the other, or still to be found. */
export type Dimension = {
  length: Length | undefined;
  parts: readonly Dimension[] | undefined;
  same: Dimension | undefined;
};

export const dimension = (length?: Length, parts?: readonly Dimension[]): Dimension => ({
  length,
  parts,
  same: undefined,
});

/** What `node` was made the same as; halves the way there, so that the next look is short. */
export const root = <T extends { same: T | undefined }>(node: T): T => {
  let at = node;
  while (at.same) {
    at.same = at.same.same ?? at.same;
    at = at.same;
  }
  return at;
};

type Terms = readonly (Length | Dimension)[];

/** What a dimension is the sum of: lengths, and dimensions that are still to be found. */
function termsIn(of: Dimension): Terms {
  const { length, parts } = root(of);
  return parts?.flatMap(termsIn) ?? [length ?? root(of)];
}

/** The length of a dimension, where all that it is the sum of is known. */
export function lengthOf(of: Dimension): Length | undefined {
  const terms = termsIn(of);
  return terms.every((term) => typeof term !== 'object') ? sumOfLengths(terms) : undefined;
}

/** Makes two dimensions the same; whether they are, or undefined where that depends on what is still to be found. */
export function unifyDimensions(left: Dimension, right: Dimension): boolean | undefined {
  const [a, b] = [root(left), root(right)];
  if (a === b) return true;
  for (const [open, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (open.length !== undefined || open.parts !== undefined) continue;
    if (termsIn(other).includes(open)) return false;
    open.same = other;
    return true;
  }
  const [one, two] = [lengthOf(a), lengthOf(b)];
  if (one !== undefined && two !== undefined) return one === two;
  return unifySums(termsIn(a), termsIn(b));
}

/** As `unifyDimensions`, for sums: what is left once both are without what they have in common. */
function unifySums(left: Terms, right: Terms): boolean | undefined {
  const [mine, theirs] = withoutCommon(left, right);
  for (const [some, others] of [
    [mine, theirs],
    [theirs, mine],
  ] as const) {
    const [open, ...more] = some;
    if (open === undefined) return others.length === 0;
    if (typeof open !== 'object' || more.length > 0) continue;
    if (others.length === 0 || others.includes(open)) return false;
    const parts = others.map((other) => (typeof other === 'object' ? other : dimension(other)));
    open.same = parts.length === 1 ? parts[0]! : dimension(undefined, parts);
    return true;
  }
  return undefined;
}

function withoutCommon(left: Terms, right: Terms): readonly [Terms, Terms] {
  const numbers = (terms: Terms): number =>
    terms.reduce((sum: number, term) => sum + (typeof term === 'number' ? term : 0), 0);
  const rest = right.filter((term) => typeof term !== 'number');
  const own = left.filter((term) => {
    if (typeof term === 'number') return false;
    const at = rest.indexOf(term);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  const more = numbers(left) - numbers(right);
  return [more > 0 ? [...own, more] : own, more < 0 ? [...rest, -more] : rest];
}
