import {
  type Cell,
  functions,
  isReduction,
  operations,
  type Shape,
  type SpecFunction,
  type Expression as Syntax,
} from '@congruent/spec';
import type { CellIr, Definition, FunctionIr } from '../ir/definition.ts';
import {
  add,
  type BinaryOperator,
  binary,
  constant,
  type Expression,
  joinedShape,
  type MapExpression,
  negate,
  reference,
  select,
  type UnaryOperator,
  unary,
} from '../ir/expression.ts';

export type DType = 'float32' | 'float64';

/** A cell's equations as IR, shapes on every node. */
export function lowerCell(cell: Cell): CellIr {
  const shapes = new Map<string, Shape>();
  for (const { name, shape } of [...cell.inputs, ...cell.states, ...cell.parameters]) shapes.set(name, shape);
  const definitions = cell.equations.map(({ name, expression, comment, instance }): Definition<Expression> => {
    const value = lower(expression, {
      name: (operand) => reference(operand, shapes.get(operand)!),
      call: callOf,
    });
    shapes.set(name, value.shape);
    return { name, value, comment, instance };
  });
  const references = (variables: Cell['inputs']) => variables.map(({ name, shape }) => reference(name, shape));
  const carries = references(cell.states).map((given) => ({ given, next: reference(`${given.name}'`, given.shape) }));
  return {
    name: cell.name,
    inputs: references(cell.inputs),
    carries,
    parameters: references(cell.parameters),
    definitions,
    outputs: references(cell.outputs),
  };
}

/**
 * A function's operations for one element type: named constants become numbers of that type, `horner` its steps.
 *
 * @throws TypeError for a `horner` without coefficients of the type
 */
export function lowerFunction({ name, operand, equations, constants, ulp }: SpecFunction, dtype: DType): FunctionIr {
  const table = constants[dtype];
  const names: Names = {
    name: (of) => {
      const value = table.get(of);
      return typeof value === 'number' ? constant(value) : reference(of, []);
    },
    call: (called, operands, syntax) => {
      if (called !== 'horner') return operation(called, operands);
      const list = syntax.at(-1);
      const coefficients = list?.kind === 'name' ? table.get(list.name) : undefined;
      if (!Array.isArray(coefficients)) throw new TypeError(`${name}: horner needs a coefficient list of ${dtype}`);
      const [x, square] = operands as readonly [Expression, Expression];
      const terms = coefficients.map((coefficient): Expression => constant(coefficient));
      return operands.length > 2 ? polynomial(pairs(terms, x), square) : polynomial(terms, x);
    },
  };
  const definitions = equations.map((equation) => ({
    name: equation.name,
    value: lower(equation.expression, names) as MapExpression,
    comment: equation.comment,
  }));
  return { name, operand, definitions, ulp };
}

/** What a function's result changes by for each change of its operand, in terms of the result and the operand. */
export function lowerDerivative(name: string, result: MapExpression, operand: MapExpression): MapExpression {
  const called = functions[name]!;
  return lower(called.derivative, {
    name: (of) => (of === called.result ? result : operand),
    call: callOf,
  }) as MapExpression;
}

/** The functions of the specification by these names, lowered for one element type. */
export const lowerFunctions = (names: Iterable<string>, dtype: DType): readonly FunctionIr[] =>
  [...names].map((name) => lowerFunction(functions[name]!, dtype));

/** A polynomial of x by Horner's rule, lowest coefficient first. */
const polynomial = (coefficients: readonly Expression[], x: Expression): Expression =>
  coefficients.reduceRight((sum, coefficient) => add(binary('*', sum, x), coefficient));

/** A polynomial of x as one of x², whose coefficients are polynomials of degree 1 and do not wait for each other. */
const pairs = (coefficients: readonly Expression[], x: Expression): readonly Expression[] =>
  coefficients.flatMap((even, index) => {
    const odd = coefficients[index + 1];
    if (index % 2 === 1) return [];
    return [odd ? add(binary('*', odd, x), even) : even];
  });

/** A basic operation that is written as a call. */
function operation(name: string, [first, second]: readonly Expression[]): Expression {
  if (second) return binary(name as BinaryOperator, first!, second);
  return unary(name as UnaryOperator, first!);
}

/** A basic operation, a reduction, or the call of a function. */
function callOf(name: string, operands: readonly Expression[]): Expression {
  if (Object.hasOwn(operations, name)) return operation(name, operands);
  const operand = operands[0]!;
  if (isReduction(name)) return { kind: 'reduction', which: name, operand, shape: [] };
  return { kind: 'call', function: name, operand, shape: operand.shape };
}

/** What names and calls mean where an expression stands. */
interface Names {
  name(name: string): Expression;
  call(name: string, operands: readonly Expression[], syntax: readonly Syntax[]): Expression;
}

function lower(syntax: Syntax, names: Names): Expression {
  const inner = (operand: Syntax): Expression => lower(operand, names);
  switch (syntax.kind) {
    case 'number':
      return constant(syntax.value);
    case 'name':
      return names.name(syntax.name);
    case 'negate': {
      const operand = inner(syntax.operand);
      return operand.kind === 'constant' ? constant(-operand.value) : negate(operand);
    }
    case 'call':
      return names.call(syntax.name, syntax.operands.map(inner), syntax.operands);
    case 'concatenation': {
      const parts = syntax.parts.map(inner);
      return { kind: 'concatenation', parts, shape: joinedShape(parts) };
    }
    case 'binary': {
      const [left, right] = [inner(syntax.left), inner(syntax.right)];
      if (syntax.operator !== '@') return binary(syntax.operator satisfies BinaryOperator, left, right);
      if (left.kind !== 'reference') throw new TypeError('the left of @ must be a parameter');
      return { kind: 'matvec', matrix: left, vector: right, shape: left.shape.slice(0, 1) };
    }
    case 'if': {
      const [left, right] = [inner(syntax.left), inner(syntax.right)];
      const [whenTrue, whenFalse] = [inner(syntax.whenTrue), inner(syntax.whenFalse)];
      return select(syntax.comparison, left, right, whenTrue, whenFalse);
    }
    default:
      return syntax satisfies never;
  }
}
