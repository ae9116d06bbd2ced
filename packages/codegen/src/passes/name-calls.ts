import { type Definition, type FlatCell, namesOf } from '../ir/definition.ts';
import { isContraction, type MapExpression, mapOperands, reference } from '../ir/expression.ts';
import { Names, prefixed, stemOf } from '../ir/names.ts';

/** What is written as a call, a function or an operation such as `max`, by its name. */
function nameOfCall(expression: MapExpression): string | undefined {
  if (expression.kind === 'call') return expression.function;
  const operator = expression.kind === 'unary' || expression.kind === 'binary' ? expression.operator : undefined;
  return operator === 'abs' || operator === 'max' || operator === 'min' ? operator : undefined;
}

/**
 * Gives everything that is written as a call a definition of its own, and its operands names, so that derivatives find
 * the result and the operands by name. `n = tanh(x_n + h_n)` becomes `a_n = x_n + h_n` and `n = tanh(a_n)`.
 */
export function nameCalls(cell: FlatCell): FlatCell {
  const names = new Names(namesOf(cell));
  const definitions: Definition[] = [];
  const define = (wish: string, value: MapExpression): MapExpression => {
    const name = names.fresh(wish);
    definitions.push({ name, value });
    return reference(name, value.shape);
  };
  const withNamedOperands = (expression: MapExpression, stem: string): MapExpression => {
    const lifted = mapOperands(expression, (operand) => lift(operand, stem));
    if (nameOfCall(lifted) === undefined) return lifted;
    return mapOperands(lifted, (operand) => (isLeaf(operand) ? operand : define(prefixed('a_', stem), operand)));
  };
  const lift = (expression: MapExpression, stem: string): MapExpression => {
    const named = withNamedOperands(expression, stem);
    const called = nameOfCall(named);
    return called === undefined ? named : define(prefixed(`${called}_`, stem), named);
  };
  for (const definition of cell.definitions) {
    const { name, value } = definition;
    definitions.push(
      isContraction(value) ? definition : { ...definition, value: withNamedOperands(value, stemOf(name)) },
    );
  }
  return { ...cell, definitions };
}

const isLeaf = ({ kind }: MapExpression): boolean => kind === 'reference' || kind === 'constant';

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
