import type { CellIr } from '../ir/definition.ts';
import { add, type Binary, type Expression, mapOperands } from '../ir/expression.ts';
import { type Regions, regionsByInstance } from './regions.ts';

/**
 * Reorders sums so that what is known early is added early: parameters with each other (the biases fold into one),
 * then to the first term that needs only the inputs; the terms that need the state come last, in their order.
 * `W_ir @ x + b_ir + W_hr @ h + b_hr` becomes `(W_ir @ x + (b_ir + b_hr)) + W_hr @ h`.
 */
export function foldSums(cell: CellIr): CellIr {
  const regionsFor = regionsByInstance(cell);
  const definitions = cell.definitions.map((definition) => {
    return { ...definition, value: foldedIn(definition.value, regionsFor(definition)) };
  });
  return { ...cell, definitions };
}

function foldedIn(value: Expression, regions: Regions): Expression {
  const inSum = (expression: Expression): Expression =>
    isSum(expression)
      ? { ...expression, left: inSum(expression.left), right: inSum(expression.right) }
      : foldIn(expression);
  const foldIn = (expression: Expression): Expression =>
    isSum(expression) ? rebuilt(termsOf(inSum(expression)), regions) : mapOperands(expression, foldIn);
  return foldIn(value);
}

const isSum = (expression: Expression): expression is Binary<Expression> =>
  expression.kind === 'binary' && expression.operator === '+';

/** What a sum of sums adds up, from the left. */
function termsOf(expression: Expression): readonly Expression[] {
  const terms: Expression[] = [];
  const visit = (term: Expression): void => {
    if (!isSum(term)) terms.push(term);
    else for (const side of [term.left, term.right]) visit(side);
  };
  visit(expression);
  return terms;
}

function rebuilt(terms: readonly Expression[], regions: Regions): Expression {
  const early = terms.filter((term) => ['constant', 'parameter'].includes(regions.within(term)));
  const input = terms.filter((term) => regions.within(term) === 'input');
  const state = terms.filter((term) => regions.within(term) === 'state');
  const [first, ...rest] = input.length > 0 ? [...input, ...state] : state;
  const folded = early.length > 0 ? [early.reduce(add)] : [];
  const ordered = input.length > 0 ? [first!, ...folded, ...rest] : [...state, ...folded];
  return ordered.reduce(add);
}
