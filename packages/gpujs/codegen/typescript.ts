import { type Block, type Extent, indented } from '@congruent/codegen';
import { dimensionsIn, polynomial, printPolynomial } from './polynomial.ts';
import type { Dimensions } from './target.ts';

/** `['hs', 'Wx']` */
export const quoted = (names: Iterable<string>): string => `[${[...names].map((name) => `'${name}'`).join(', ')}]`;

/** A line of a template string, with what would end it escaped: a comment of the specification may say anything. */
export const escaped = (line: string): string => line.replaceAll(/[`\\]|\$\{/g, '\\$&');

/** Dimensions as a function's parameter. */
export function destructured(locals: readonly string[], dimensions: Dimensions): string {
  const parts = locals.map((local) =>
    dimensions.get(local) === local ? local : `'${dimensions.get(local)}': ${local}`,
  );
  return parts.length > 0 ? `{ ${parts.join(', ')} }` : '_';
}

/** A number of elements as a function of the dimensions. */
export function lengthFunction(extent: Extent, dimensions: Dimensions): string {
  const sum = polynomial(extent);
  const locals = dimensionsIn(sum);
  return `(${locals.length > 0 ? destructured(locals, dimensions) : ''}) => ${printPolynomial(sum)}`;
}

/** Whether code names something, comments aside. */
export function mentions(code: Block, name: string): boolean {
  const word = new RegExp(`\\b${name}\\b`);
  return indented(code).some((line) => !/^\s*\/\//.test(line) && word.test(line));
}
