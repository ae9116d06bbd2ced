import { type Definition, type FlatCell, namesOf } from '../ir/definition.ts';
import { isContraction, type MapExpression, mapOperands, reference } from '../ir/expression.ts';
import { Names, stemOf } from '../ir/names.ts';

/**
 * Gives every function call a definition of its own, and its operand a name, so that derivatives find the result and
 * the operand by name. `n = tanh(x_n + h_n)` becomes `a_n = x_n + h_n` and `n = tanh(a_n)`.
 */
export function nameCalls(cell: FlatCell): FlatCell {
  const names = new Names(namesOf(cell));
  const definitions: Definition[] = [];
  const define = (wish: string, value: MapExpression): MapExpression => {
    const name = names.fresh(wish);
    definitions.push({ name, value });
    return reference(name, value.shape);
  };
  const withNamedOperand = (expression: MapExpression, stem: string): MapExpression => {
    const lifted = mapOperands(expression, (operand) => lift(operand, stem));
    if (lifted.kind !== 'call' || lifted.operand.kind === 'reference') return lifted;
    return { ...lifted, operand: define(`a_${stem}`, lifted.operand) };
  };
  const lift = (expression: MapExpression, stem: string): MapExpression => {
    const named = withNamedOperand(expression, stem);
    return named.kind === 'call' ? define(`${named.function}_${stem}`, named) : named;
  };
  for (const definition of cell.definitions) {
    const { name, value } = definition;
    definitions.push(
      isContraction(value) ? definition : { ...definition, value: withNamedOperand(value, stemOf(name)) },
    );
  }
  return { ...cell, definitions };
}

/** Puts the values of all definitions but the needed ones, which only expressions read, where they are read. */
export function inlineDefinitions(cell: FlatCell, needed: ReadonlySet<string>): FlatCell {
  const values = new Map<string, MapExpression>();
  const inline = (expression: MapExpression): MapExpression =>
    (expression.kind === 'reference' && values.get(expression.name)) || mapOperands(expression, inline);
  const definitions = cell.definitions.flatMap((definition): Definition[] => {
    if (isContraction(definition.value)) return [definition];
    const value = inline(definition.value);
    if (needed.has(definition.name)) return [{ ...definition, value }];
    values.set(definition.name, value);
    return [];
  });
  return { ...cell, definitions };
}
