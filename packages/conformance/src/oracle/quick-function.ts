import type { Arithmetic, Expression, FunctionIr } from '@congruent/codegen';

/** The values of a function's definitions, in order, after its operand. */
type Slots = number[];

/** A function of one number as closures over its operations: the interpreter's bits without looking names up. */
export function quickFunction(
  { operand, definitions }: FunctionIr,
  arithmetic: Arithmetic<number>,
): (operand: number) => number {
  const slots = new Map([operand, ...definitions.map(({ name }) => name)].map((name, slot) => [name, slot]));
  const steps = definitions.map(({ value }) => closureOf(value, slots, arithmetic));
  const values: Slots = new Array<number>(slots.size).fill(0);
  return (x) => {
    values[0] = x;
    for (let i = 0; i < steps.length; i++) values[i + 1] = steps[i]!(values);
    return values[steps.length]!;
  };
}

function closureOf(
  expression: Expression,
  slots: ReadonlyMap<string, number>,
  arithmetic: Arithmetic<number>,
): (values: Slots) => number {
  const of = (operand: Expression) => closureOf(operand, slots, arithmetic);
  switch (expression.kind) {
    case 'reference': {
      const slot = slots.get(expression.name)!;
      return (values) => values[slot]!;
    }
    case 'constant': {
      const value = arithmetic.constant(expression.value);
      return () => value;
    }
    case 'unary': {
      const [{ operator }, operand] = [expression, of(expression.operand)];
      return (values) => arithmetic.unary(operator, operand(values));
    }
    case 'binary': {
      const [{ operator }, left, right] = [expression, of(expression.left), of(expression.right)];
      return (values) => arithmetic.binary(operator, left(values), right(values));
    }
    case 'select': {
      const { comparison, ...operands } = expression;
      const [left, right] = [of(operands.left), of(operands.right)];
      const [whenTrue, whenFalse] = [of(operands.whenTrue), of(operands.whenFalse)];
      return (v) => arithmetic.select(comparison, left(v), right(v), whenTrue(v), whenFalse(v));
    }
    default:
      throw new Error(`a function of numbers has no ${expression.kind}`);
  }
}
