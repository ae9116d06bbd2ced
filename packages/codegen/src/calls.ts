import { type CellIr, type Definition, type Expression, mapOperands, namesOf, reference } from './ir.ts';
import { Names, stemOf } from './names.ts';

/**
 * Gives every function call a definition of its own, and its operand a name, so that derivatives find the result and
 * the operand by name. `n = tanh(x_n + h_n)` becomes `a_n = x_n + h_n` and `n = tanh(a_n)`.
 */
export function nameCalls(cell: CellIr): CellIr {
  const names = new Names(namesOf(cell));
  const definitions: Definition[] = [];
  const define = (wish: string, value: Expression): Expression => {
    const name = names.fresh(wish);
    definitions.push({ name, value });
    return reference(name, value.shape);
  };
  const withNamedOperand = (expression: Expression, stem: string): Expression => {
    const lifted = mapOperands(expression, (operand) => lift(operand, stem));
    if (lifted.kind !== 'call' || lifted.operand.kind === 'reference') return lifted;
    return { ...lifted, operand: define(`a_${stem}`, lifted.operand) };
  };
  const lift = (expression: Expression, stem: string): Expression => {
    const named = withNamedOperand(expression, stem);
    return named.kind === 'call' ? define(`${named.function}_${stem}`, named) : named;
  };
  for (const definition of cell.definitions) {
    const value = withNamedOperand(definition.value, stemOf(definition.name));
    definitions.push({ ...definition, value });
  }
  return { ...cell, definitions };
}

/** Puts the values of all definitions but the needed ones where they are read. */
export function inlineDefinitions(cell: CellIr, needed: ReadonlySet<string>): CellIr {
  const values = new Map<string, Expression>();
  const inline = (expression: Expression): Expression =>
    (expression.kind === 'reference' && values.get(expression.name)) || mapOperands(expression, inline);
  const definitions = cell.definitions.flatMap((definition): Definition[] => {
    const value = inline(definition.value);
    if (needed.has(definition.name)) return [{ ...definition, value }];
    values.set(definition.name, value);
    return [];
  });
  return { ...cell, definitions };
}
