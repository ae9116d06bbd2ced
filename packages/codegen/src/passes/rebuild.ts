import type { Table, TargetExpression } from '../ir/table.ts';

/** The table that leaves every expression as it is: passes of a target are this one with a few entries of their own. */
export const rebuild: Required<Table<TargetExpression>> = {
  reference: (name) => ({ kind: 'reference', name }),
  constant: (value) => ({ kind: 'constant', value }),
  unary: (operator, operand) => ({ kind: 'unary', operator, operand }),
  binary: (operator, left, right) => ({ kind: 'binary', operator, left, right }),
  select: (comparison, left, right, whenTrue, whenFalse) => {
    return { kind: 'select', comparison, left, right, whenTrue, whenFalse };
  },
  call: (name, operand) => ({ kind: 'call', function: name, operand }),
  fused: (operator, addend, left, right) => ({ kind: 'fused', operator, addend, left, right }),
  extremum: (which, left, right) => ({ kind: 'extremum', which, left, right }),
};
