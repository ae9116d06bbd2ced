import { type RegionOf, regionsOf } from './dependence.ts';
import { add, type CellIr, type Expression, mapOperands } from './ir.ts';

/**
 * Reorders sums so that what is known early is added early: parameters with each other (the biases fold into one),
 * then to the first term that needs only the inputs; the terms that need the state come last, in their order.
 * `W_ir @ x + b_ir + W_hr @ h + b_hr` becomes `(W_ir @ x + (b_ir + b_hr)) + W_hr @ h`.
 */
export function foldSums(cell: CellIr): CellIr {
  const regionOf = regionsOf(cell, cell.definitions);
  const fold = (expression: Expression): Expression => {
    const folded = mapOperands(expression, fold);
    return isSum(folded) ? rebuild(terms(folded), regionOf) : folded;
  };
  return {
    ...cell,
    definitions: cell.definitions.map((definition) => ({ ...definition, value: fold(definition.value) })),
  };
}

const isSum = (expression: Expression): expression is Extract<Expression, { kind: 'binary' }> =>
  expression.kind === 'binary' && expression.operator === '+';

const terms = (expression: Expression): readonly Expression[] =>
  isSum(expression) ? [...terms(expression.left), ...terms(expression.right)] : [expression];

function rebuild(all: readonly Expression[], regionOf: RegionOf): Expression {
  const early = all.filter((term) => ['constant', 'parameter'].includes(regionOf(term)));
  const input = all.filter((term) => regionOf(term) === 'input');
  const state = all.filter((term) => regionOf(term) === 'state');
  const [first, ...rest] = input.length > 0 ? [...input, ...state] : state;
  const folded = early.length > 0 ? [early.reduce(add)] : [];
  const ordered = input.length > 0 ? [first!, ...folded, ...rest] : [...state, ...folded];
  return ordered.reduce(add);
}
