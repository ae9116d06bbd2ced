import { add, and, get, i32, mul, type Wat } from './wat.ts';

/**
 * A number of elements or bytes as a formula over dimensions, so that one formula gives both the addresses (in i32) and
 * the amount of memory to ask for (in f64, where nothing overflows).
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

export const up = (of: Extent, to: number): Extent => ({ kind: 'up', of, to });

/** Nested sums of sums are one, and so are products; numbers become one number, in front. */
function combine(kind: 'sum' | 'product', neutral: number, all: readonly Extent[]): Extent {
  const flat = all.flatMap((each) => (typeof each === 'object' && each.kind === kind ? each.of : [each]));
  const numbers = flat.filter((each) => typeof each === 'number');
  const number = numbers.reduce((left, right) => (kind === 'sum' ? left + right : left * right), neutral);
  const of = [...(number === neutral ? [] : [number]), ...flat.filter((each) => typeof each !== 'number')];
  return of.length > 1 ? { kind, of } : (of[0] ?? neutral);
}

/** `['H', 'H', 'H']` as 3·H. */
export function total(dimensions: readonly string[]): Extent {
  const names = [...new Set(dimensions)];
  return sum(...names.map((name) => product(dimensions.filter((dimension) => dimension === name).length, name)));
}

/** The extent as an address calculation. */
export function inI32(extent: Extent): Wat {
  if (typeof extent === 'number') return i32(extent);
  if (typeof extent === 'string') return get(extent);
  switch (extent.kind) {
    case 'sum':
      return extent.of.map(inI32).reduce((left, right) => add(left, right));
    case 'product':
      return extent.of.map(inI32).reduce((left, right) => mul(left, right));
    case 'up':
      return and(add(inI32(extent.of), extent.to - 1), -extent.to);
    case 'min':
    case 'max': {
      const [left, right] = extent.of.map(inI32) as [Wat, Wat];
      return ['select', left, right, [extent.kind === 'min' ? 'i32.lt_u' : 'i32.gt_u', left, right]];
    }
    default:
      return extent satisfies never;
  }
}

/** The extent as a number of JavaScript. */
export function inF64(extent: Extent): Wat {
  if (typeof extent === 'number') return ['f64.const', `${extent}`];
  if (typeof extent === 'string') return get(extent);
  switch (extent.kind) {
    case 'sum':
      return extent.of.map(inF64).reduce((left, right) => ['f64.add', left, right]);
    case 'product':
      return extent.of.map(inF64).reduce((left, right) => ['f64.mul', left, right]);
    case 'up':
      return ['f64.mul', ['f64.ceil', ['f64.div', inF64(extent.of), inF64(extent.to)]], inF64(extent.to)];
    case 'min':
    case 'max':
      return [`f64.${extent.kind}`, ...extent.of.map(inF64)];
    default:
      return extent satisfies never;
  }
}
