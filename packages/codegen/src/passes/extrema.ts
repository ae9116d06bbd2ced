import type { Table, TargetExpression } from '../ir/table.ts';
import { rebuild } from './rebuild.ts';

/** A selection of one of the two values that it compares becomes their minimum or maximum, also for NaN and ±0. */
export const findExtrema: Table<TargetExpression> = {
  ...rebuild,
  select(comparison, left, right, whenTrue, whenFalse) {
    const [low, high] = comparison === '<' ? [left, right] : [right, left];
    if (equal(low, whenTrue) && equal(high, whenFalse)) return rebuild.extremum('min', low, high);
    if (equal(high, whenTrue) && equal(low, whenFalse)) return rebuild.extremum('max', low, high);
    return rebuild.select(comparison, left, right, whenTrue, whenFalse);
  },
};

/** Whether two rebuilt expressions are the same operations on the same names; −0 and 0 differ. */
function equal(one: TargetExpression, other: TargetExpression): boolean {
  const parts = Object.entries(one) as [keyof typeof one, unknown][];
  return parts.every(([key, part]) => {
    const counterpart: unknown = other[key];
    return typeof part === 'object'
      ? typeof counterpart === 'object' && equal(part as TargetExpression, counterpart as TargetExpression)
      : Object.is(part, counterpart);
  });
}
