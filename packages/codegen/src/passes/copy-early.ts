import { type Definition, type FlatCell, namesOf } from '../ir/definition.ts';
import { mapOperands, namesIn, reference, type Value } from '../ir/expression.ts';
import { Names, prefixed, stemOf } from '../ir/names.ts';

/**
 * Outputs and next states that follow from parameters alone become copies, made for every row, of a value that is
 * computed once, and whatever reads them reads that value. So what they lead to is computed once as well, and its
 * gradient needs one sum over the rows.
 */
export function copyEarly(cell: FlatCell): FlatCell {
  const names = new Names(namesOf(cell));
  const ofRows = new Set([...cell.outputs, ...cell.carries.map(({ next }) => next)].map(({ name }) => name));
  const late = new Set([...cell.inputs, ...cell.carries.map(({ given }) => given)].map(({ name }) => name));
  const copied = new Map<string, Value>();
  const original = (value: Value): Value =>
    value.kind === 'reference' ? (copied.get(value.name) ?? value) : mapOperands(value, original);
  const definitions = cell.definitions.flatMap((definition): readonly Definition[] => {
    const { name } = definition;
    const value = original(definition.value);
    if ([...namesIn(value)].some((operand) => late.has(operand))) late.add(name);
    if (late.has(name) || !ofRows.has(name)) return [{ ...definition, value }];
    const once = value.kind === 'reference' ? [] : [{ name: names.fresh(prefixed('b_', stemOf(name))), value }];
    const from = once[0] ? reference(once[0].name, value.shape) : value;
    copied.set(name, from);
    return [...once, { ...definition, value: from }];
  });
  return { ...cell, definitions };
}
