import { type Cell, type Expression, isReduction, type Reduction } from '@congruent/spec';
import type { Environment, InterpretedValue } from '../src/index.ts';
import { type Lengths, lengthOf } from './values.ts';

type Value = InterpretedValue<number>;

/** The values of a cell's equations as they are written, in float64: none of the compiler's passes, no order of sums. */
export function evaluateEquations(cell: Cell, given: Environment<number>, lengths: Lengths): Environment<number> {
  const shapes = new Map([...cell.states, ...cell.outputs].map(({ name, shape }) => [name, shape]));
  const values: Record<string, Value> = { ...given };
  for (const { name, expression } of cell.equations) {
    const value = evaluate(expression, values);
    const [dimension] = shapes.get(name.replace("'", '')) ?? [];
    const isNumber = typeof value === 'number' && dimension !== undefined;
    values[name] = isNumber ? Array.from({ length: lengthOf(dimension, lengths) }, () => value) : value;
  }
  return values;
}

const FUNCTIONS: Readonly<Record<string, (...operands: readonly number[]) => number>> = {
  sigmoid: (x) => 1 / (1 + Math.exp(-x!)),
  tanh: (x) => Math.tanh(x!),
  exp: (x) => Math.exp(x!),
  log: (x) => Math.log(x!),
  softplus: (x) => Math.max(x!, 0) + Math.log1p(Math.exp(-Math.abs(x!))),
  sqrt: (x) => Math.sqrt(x!),
  relu: (x) => Math.max(0, x!),
  abs: (x) => Math.abs(x!),
  max: Math.max,
  min: Math.min,
};

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

function evaluate(expression: Expression, values: Environment<number>): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return values[expression.name]!;
    case 'negate':
      return each([evaluate(expression.operand, values)], (of) => -of!);
    case 'call': {
      const operands = expression.operands.map((operand) => evaluate(operand, values));
      if (isReduction(expression.name)) return reduced(expression.name, operands[0] as readonly number[]);
      return each(operands, FUNCTIONS[expression.name]!);
    }
    case 'binary': {
      const [left, right] = [evaluate(expression.left, values), evaluate(expression.right, values)];
      if (expression.operator !== '@') return each([left, right], (a, b) => OPERATORS[expression.operator]!(a!, b!));
      const vector = right as readonly number[];
      return (left as readonly (readonly number[])[]).map((row) =>
        row.reduce((sum, weight, k) => sum + weight * vector[k]!, 0),
      );
    }
    case 'concatenation':
      return expression.parts.flatMap((part) => evaluate(part, values) as number | readonly number[]);
    case 'if':
      throw new TypeError('a cell has no conditional expressions');
    default:
      return expression satisfies never;
  }
}

function reduced(which: Reduction, elements: readonly number[]): number {
  const sum = elements.reduce((total, element) => total + element, 0);
  return which === 'sum' ? sum : sum / elements.length;
}

/** Element by element, a number standing for a vector of itself. */
function each(values: readonly Value[], apply: (...elements: readonly number[]) => number): Value {
  const vector = values.find((value) => Array.isArray(value)) as readonly number[] | undefined;
  if (!vector) return apply(...(values as readonly number[]));
  return vector.map((_, j) => apply(...values.map((value) => (Array.isArray(value) ? value[j]! : value) as number)));
}
