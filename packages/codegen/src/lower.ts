import { type Cell, functions, type Shape, type SpecFunction, type Expression as Syntax } from '@congruent/spec';
import {
  add,
  type BinaryOperator,
  binary,
  type CellIr,
  constant,
  type Definition,
  type Expression,
  type FunctionIr,
  reference,
  type UnaryOperator,
} from './ir.ts';

export type DType = 'float32' | 'float64';

/** A cell's equations as IR, shapes on every node. */
export function lowerCell(cell: Cell): CellIr {
  const shapes = new Map<string, Shape>();
  for (const { name, shape } of [...cell.inputs, ...cell.states, ...cell.parameters]) shapes.set(name, shape);
  const definitions = cell.equations.map(({ name, expression, comment }): Definition => {
    const value = lower(expression, {
      name: (operand) => reference(operand, shapes.get(operand)!),
      call: (called, [operand]) => ({ kind: 'call', function: called, operand: operand!, shape: operand!.shape }),
    });
    shapes.set(name, value.shape);
    return { name, value, comment };
  });
  const references = (variables: Cell['inputs']) => variables.map(({ name, shape }) => reference(name, shape));
  return {
    name: cell.name,
    inputs: references(cell.inputs),
    states: references(cell.states),
    parameters: references(cell.parameters),
    definitions,
  };
}

/** A function's operations for one element type: named constants become numbers, `horner` becomes its steps. */
export function lowerFunction({ name, operand, equations, constants, ulp }: SpecFunction, dtype: DType): FunctionIr {
  const table = constants[dtype];
  const names: Names = {
    name: (of) => {
      const value = table.get(of);
      return typeof value === 'number' ? constant(value) : reference(of, []);
    },
    call: (called, operands, syntax) => {
      if (called !== 'horner')
        return { kind: 'unary', operator: called as UnaryOperator, operand: operands[0]!, shape: [] };
      const list = syntax[1];
      const coefficients = list?.kind === 'name' ? table.get(list.name) : undefined;
      if (!Array.isArray(coefficients)) throw new TypeError(`${name}: horner needs a coefficient list of ${dtype}`);
      return coefficients
        .map((coefficient) => constant(coefficient))
        .reduceRight((sum, coefficient) => add(binary('*', sum, operands[0]!), coefficient));
    },
  };
  const definitions = equations.map((equation) => ({
    name: equation.name,
    value: lower(equation.expression, names),
    comment: equation.comment,
  }));
  return { name, operand, definitions, ulp };
}

/**
 * What a function's result changes by for each change of its operand, in terms of the result and the operand.
 */
export function lowerDerivative(name: string, result: Expression, operand: Expression): Expression {
  const called = functions[name]!;
  return lower(called.derivative, {
    name: (of) => (of === called.result ? result : operand),
    call: (of) => {
      throw new TypeError(`${name}: its derivative calls ${of}; write it with + - * / alone`);
    },
  });
}

/** The functions that definitions call, lowered for one element type, in order of first use. */
export function functionsOf(definitions: readonly Definition[], dtype: DType): readonly FunctionIr[] {
  const called = new Set<string>();
  const visit = (expression: Expression): void => {
    if (expression.kind === 'call') called.add(expression.function);
    for (const value of Object.values(expression)) if (typeof value === 'object' && 'kind' in value) visit(value);
  };
  for (const { value } of definitions) visit(value);
  return [...called].map((name) => lowerFunction(functions[name]!, dtype));
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
      return operand.kind === 'constant'
        ? constant(-operand.value)
        : { kind: 'unary', operator: 'negate', operand, shape: operand.shape };
    }
    case 'call':
      return names.call(syntax.name, syntax.operands.map(inner), syntax.operands);
    case 'binary': {
      const [left, right] = [inner(syntax.left), inner(syntax.right)];
      if (syntax.operator !== '@') return binary(syntax.operator satisfies BinaryOperator, left, right);
      if (left.kind !== 'reference') throw new TypeError('the left of @ must be a parameter');
      return { kind: 'matvec', matrix: left, vector: right, shape: left.shape.slice(0, 1) };
    }
    case 'if': {
      const [left, right] = [inner(syntax.left), inner(syntax.right)];
      const [whenTrue, whenFalse] = [inner(syntax.whenTrue), inner(syntax.whenFalse)];
      return { kind: 'select', comparison: syntax.comparison, left, right, whenTrue, whenFalse, shape: whenTrue.shape };
    }
    default:
      return syntax satisfies never;
  }
}
