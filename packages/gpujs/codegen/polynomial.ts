import type { Extent } from '@congruent/codegen';

/** A number of elements as a sum: how often each product of dimensions is in it, by their names; '' is the number 1. */
export type Polynomial = ReadonlyMap<string, number>;

export function polynomial(extent: Extent): Polynomial {
  if (typeof extent === 'number') return new Map(extent === 0 ? [] : [['', extent]]);
  if (typeof extent === 'string') return new Map([[extent, 1]]);
  if (extent.kind !== 'sum' && extent.kind !== 'product') throw new TypeError('planes have no padding');
  const combined = extent.kind === 'sum' ? plus : times;
  return extent.of.map(polynomial).reduce((left, right) => combined(left, right));
}

/** left + factor · right */
export function plus(left: Polynomial, right: Polynomial, factor = 1): Polynomial {
  const sum = new Map(left);
  for (const [term, count] of right) sum.set(term, (sum.get(term) ?? 0) + factor * count);
  return new Map([...sum].filter(([, count]) => count !== 0));
}

function times(left: Polynomial, right: Polynomial): Polynomial {
  const terms = [...left].flatMap(([first, count]) =>
    [...right].map(([second, more]): [string, number] => {
      return [[...factorsOf(first), ...factorsOf(second)].sort().join(' '), count * more];
    }),
  );
  return terms.reduce((sum: Polynomial, term) => plus(sum, new Map([term])), new Map());
}

/** `3 * H + 1`, behind what it is added to where that is given. */
export function printPolynomial(sum: Polynomial, to = ''): string {
  const terms = [...sum].map(([term, count]) => {
    const factors = factorsOf(term);
    const size = Math.abs(count) === 1 && factors.length > 0 ? [] : [`${Math.abs(count)}`];
    return `${count < 0 ? '-' : '+'} ${[...size, ...factors].join(' * ')}`;
  });
  return [to, ...terms].join(' ').replace(/^ \+ /, '') || '0';
}

export const printLength = (extent: Extent, to?: string): string => printPolynomial(polynomial(extent), to);

export const dimensionsIn = (sum: Polynomial): readonly string[] => [...new Set([...sum.keys()].flatMap(factorsOf))];

const factorsOf = (term: string): readonly string[] => (term === '' ? [] : term.split(' '));
