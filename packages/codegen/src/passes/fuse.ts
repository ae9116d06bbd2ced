import type { Table, TargetExpression } from '../ir/table.ts';
import { rebuild } from './rebuild.ts';

/**
 * Products go into the sum or the difference that reads them: the right operand's before the left one's. Only for targets
 * that may round once where the specification rounds twice.
 */
export const fuseProducts: Table<TargetExpression> = {
  ...rebuild,
  binary(operator, left, right) {
    if ((operator === '+' || operator === '-') && isProduct(right)) {
      return rebuild.fused(operator, left, right.left, right.right);
    }
    if (operator === '+' && isProduct(left)) return rebuild.fused('+', right, left.left, left.right);
    return rebuild.binary(operator, left, right);
  },
};

type Product = Extract<TargetExpression, { kind: 'binary' }>;

const isProduct = (expression: TargetExpression): expression is Product =>
  expression.kind === 'binary' && expression.operator === '*';
