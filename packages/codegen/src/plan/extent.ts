import { type Length, type Shape, termsOf } from '@congruent/spec';

/**
 * A number of elements as a formula over dimensions. Each emitter has one fold that says it in its language, for
 * addresses and for the amount of memory to ask for alike.
 */
export type Extent =
  | number
  | string
  | { readonly kind: 'sum' | 'product'; readonly of: readonly Extent[] }
  /** The smallest multiple of `to`, a power of two, that is not below. */
  | { readonly kind: 'up'; readonly of: Extent; readonly to: number }
  | { readonly kind: 'min' | 'max'; readonly of: readonly [Extent, Extent] };

export const sum = (...of: readonly Extent[]): Extent => combine('sum', 0, of);

export const product = (...of: readonly Extent[]): Extent => (of.includes(0) ? 0 : combine('product', 1, of));

export function up(of: Extent, to: number): Extent {
  if (typeof of === 'number') return Math.ceil(of / to) * to;
  return to === 1 ? of : { kind: 'up', of, to };
}

/** Nested sums of sums are one, and so are products; numbers become one number, in front. */
function combine(kind: 'sum' | 'product', neutral: number, all: readonly Extent[]): Extent {
  const flat = all.flatMap((each) => (typeof each === 'object' && each.kind === kind ? each.of : [each]));
  const numbers = flat.filter((each) => typeof each === 'number');
  const number = numbers.reduce(OPERATIONS[kind], neutral);
  const of = [...(number === neutral ? [] : [number]), ...flat.filter((each) => typeof each !== 'number')];
  return of.length > 1 ? { kind, of } : (of[0] ?? neutral);
}

/** The elements of a shape: `['H', 'I']` as H·I, that of a number as 1. */
export const sizeOf = (shape: Shape): Extent => product(...shape.map(extentOf));

/** A length as the sum that it is. */
export const extentOf = (length: Length): Extent => sum(...termsOf(length));

/** The elements of shapes one after the other: three vectors [H] as 3·H. */
export const total = (shapes: readonly Shape[]): Extent => offsetsOf([...shapes, []]).at(-1)!;

/** Where each shape begins when they lie one after the other. */
export function offsetsOf(shapes: readonly Shape[]): readonly Extent[] {
  const before = new Map<string, { readonly size: Extent; count: number }>();
  return shapes.map((shape) => {
    const offset = sum(...[...before.values()].map(({ size, count }) => product(count, size)));
    const key = shape.join();
    const alike = before.get(key) ?? { size: sizeOf(shape), count: 0 };
    alike.count++;
    before.set(key, alike);
    return offset;
  });
}

/** The number that an extent is for these lengths of the dimensions. */
export function evaluate(extent: Extent, lengths: Readonly<Record<string, number>>): number {
  if (typeof extent === 'number') return extent;
  if (typeof extent === 'string') return lengths[extent]!;
  if (extent.kind === 'up') return Math.ceil(evaluate(extent.of, lengths) / extent.to) * extent.to;
  return extent.of.map((of) => evaluate(of, lengths)).reduce(OPERATIONS[extent.kind]);
}

const OPERATIONS = {
  sum: (left: number, right: number): number => left + right,
  product: (left: number, right: number): number => left * right,
  min: (left: number, right: number): number => Math.min(left, right),
  max: (left: number, right: number): number => Math.max(left, right),
} as const;

/** `3 * H + 1`, with brackets where a sum is a factor. */
export function printExtent(extent: Extent): string {
  if (typeof extent !== 'object') return `${extent}`;
  if (extent.kind === 'up') return `up(${printExtent(extent.of)}, ${extent.to})`;
  const parts = extent.of.map(printExtent);
  if (extent.kind === 'sum') return parts.join(' + ');
  if (extent.kind !== 'product') return `${extent.kind}(${parts.join(', ')})`;
  return parts.map((part, index) => (isSum(extent.of[index]!) ? `(${part})` : part)).join(' * ');
}

const isSum = (extent: Extent): boolean => typeof extent === 'object' && extent.kind === 'sum';
