import { type Extent, product, sum, up } from '@congruent/codegen';
import { add, and, chain, get, i32, max, min, mul, type Wat } from './wat.ts';

/** So many times the extent: elements in bytes. The factor goes where another number is that it becomes one with. */
export function scaled(extent: Extent, factor: number): Extent {
  if (typeof extent !== 'object') return product(factor, extent);
  switch (extent.kind) {
    case 'product': {
      const at = extent.of.findIndex((of) => typeof of === 'object');
      const merges = at < 0 || extent.of.some((of) => typeof of === 'number');
      return merges ? product(factor, extent) : product(...extent.of.with(at, scaled(extent.of[at]!, factor)));
    }
    case 'sum':
      return sum(...extent.of.map((of) => scaled(of, factor)));
    case 'up':
      return up(scaled(extent.of, factor), extent.to * factor);
    case 'min':
    case 'max':
      return { kind: extent.kind, of: [scaled(extent.of[0], factor), scaled(extent.of[1], factor)] };
    default:
      return extent satisfies never;
  }
}

/** The extent as an address calculation. */
export function inI32(extent: Extent): Wat {
  if (typeof extent === 'number') return i32(extent);
  if (typeof extent === 'string') return get(extent);
  switch (extent.kind) {
    case 'sum':
      return chain(extent.of.map(inI32), add);
    case 'product':
      return extent.of.map(inI32).reduce((left, right) => mul(left, right));
    case 'up':
      return and(add(inI32(extent.of), extent.to - 1), -extent.to);
    case 'min':
    case 'max': {
      const [left, right] = extent.of.map(inI32) as [Wat, Wat];
      return extent.kind === 'min' ? min(left, right) : max(left, right);
    }
    default:
      return extent satisfies never;
  }
}

/** The extent as a number of JavaScript, where nothing overflows: for the amount of memory to ask for. */
export function inF64(extent: Extent): Wat {
  if (typeof extent === 'number') return ['f64.const', `${extent}`];
  if (typeof extent === 'string') return get(extent);
  switch (extent.kind) {
    case 'sum':
      return chain(extent.of.map(inF64), (left, right) => ['f64.add', left, right]);
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
