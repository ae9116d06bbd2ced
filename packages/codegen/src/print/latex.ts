import { type CellIr, type Definition, type FlatCell, namesOf } from '../ir/definition.ts';
import {
  add,
  type Contraction,
  type Expression,
  isContraction,
  mapOperands,
  type Reference,
  type Value,
} from '../ir/expression.ts';
import type { Adjoint } from '../passes/differentiate.ts';
import { inlineDefinitions } from '../passes/name-calls.ts';
import { regionsOf } from '../passes/regions.ts';

const STRENGTH = { '+': 1, '-': 1, '*': 2, '/': 3 } as const;
const SIGNS = { '+': ' + ', '-': ' - ', '*': ' \\odot ' } as const;
const FUNCTIONS: Readonly<Record<string, string>> = { sigmoid: '\\sigma', tanh: '\\tanh' };

/** A name as LaTeX. */
type Symbols = (name: string) => string;

/** A cell's equations as a LaTeX `aligned` environment, with the time as a subscript: h' is h_t, h is h_{t-1}. */
export function printLatex(cell: CellIr): string {
  const symbol = symbolsOf(cell);
  return aligned(cell.definitions.map(({ name, value }) => `${symbol(name)} &= ${printTerm(value, symbol)}`));
}

/**
 * The backward pass as a LaTeX `aligned` environment, after those parts of the equations that it reads by a name of
 * their own. A bar marks an adjoint; that of h_t is what the step at t + 1 gave, g_{h,t} the same with what the output
 * at t contributes.
 */
export function printAdjointLatex({ forward, residuals, outputs, ...adjoint }: Adjoint): string {
  const { definitions, sums, finish, origins, gradients } = adjoint;
  const forwardSymbol = symbolsOf(forward);
  const once = new Set([...sums, ...finish].map(({ name }) => name));
  const given = new Set(outputs.map(({ name }) => name));
  const symbol: Symbols = (name) => {
    if (given.has(name)) return '\\bar{y}_t';
    const origin = origins.get(name);
    if (origin !== undefined) return barred(forwardSymbol(origin));
    return once.has(name) ? subscripted(name) : forwardSymbol(name);
  };
  const line = ({ name, value }: Definition): string => `${symbol(name)} &= ${printValue(value, symbol)}`;
  const recorded = recordedIn(forward, residuals);
  const summed = sums.map(({ name, value }) => `${symbol(name)} &= \\sum_t ${printValue(value, symbol, 1)}`);
  const shared = forward.parameters.flatMap(({ name }) => {
    const gradient = gradients.get(name)!;
    return origins.get(gradient) === name ? [] : [`${barred(forwardSymbol(name))} &= ${symbol(gradient)}`];
  });
  const parts = recorded.map(({ name, value }) => `${symbol(name)} &= ${printTerm(value, forwardSymbol)}`);
  return aligned([...parts, ...definitions.map(line), ...summed, ...finish.map(line), ...shared]);
}

/** The residuals that a function does not give, with the products they read written out that are none themselves. */
function recordedIn(forward: FlatCell, residuals: readonly Reference[]): readonly Definition<Expression>[] {
  const names = new Set(residuals.map(({ name }) => name));
  const products = new Map<string, Expression>();
  const written = (expression: Expression): Expression =>
    (expression.kind === 'reference' && products.get(expression.name)) || mapOperands(expression, written);
  return inlineDefinitions(forward, names).definitions.flatMap(({ name, value }): Definition<Expression>[] => {
    if (value.kind === 'transposed' || value.kind === 'total' || value.kind === 'sum') return [];
    const expression = written(value.kind === 'product' ? productOf(value) : value);
    if (value.kind === 'product' && !names.has(name)) products.set(name, expression);
    return names.has(name) && value.kind !== 'call' ? [{ name, value: expression }] : [];
  });
}

function productOf({ matrix, vector, bias, shape }: Extract<Contraction, { kind: 'product' }>): Expression {
  const product = { kind: 'matvec', matrix, vector, shape } as const;
  return bias ? add<Expression>(product, bias) : product;
}

const barred = (symbol: string): string => symbol.replace(/^[^_]+/, (base) => `\\bar{${base}}`);

const aligned = (lines: readonly string[]): string =>
  `\\begin{aligned}\n${lines.map((line) => `  ${line}`).join(' \\\\\n')}\n\\end{aligned}`;

function symbolsOf(cell: CellIr<Value | Expression>): Symbols {
  const regions = regionsOf(cell);
  const early = new Set(namesOf(cell).filter(regions.isEarly));
  const states = new Set(cell.carries.map(({ given }) => given.name));
  return (name) => {
    if (early.has(name)) return subscripted(name);
    return states.has(name) ? subscripted(name, 't-1') : subscripted(name.replace("'", ''), 't');
  };
}

const printValue = (value: Value, symbol: Symbols, outer = 0): string =>
  isContraction(value) ? printContraction(value, symbol, outer) : printTerm(value, symbol, outer);

function printContraction(value: Contraction, symbol: Symbols, outer: number): string {
  const name = (of: { readonly name: string }): string => symbol(of.name);
  switch (value.kind) {
    case 'product': {
      const product = `${name(value.matrix)} ${name(value.vector)}`;
      return value.bias ? grouped(`${product} + ${name(value.bias)}`, 1, outer) : product;
    }
    case 'transposed': {
      const terms = value.vectors.map((vector, block) => `${name(value.matrices[block]!)}^\\top ${name(vector)}`);
      return grouped(terms.join(' + '), terms.length > 1 ? 1 : 4, outer);
    }
    case 'total':
      return `\\mathbf{1}^\\top ${name(value.operand)}`;
    case 'sum':
      return value.right ? `${name(value.left)} ${name(value.right)}^\\top` : name(value.left);
    default:
      return value satisfies never;
  }
}

function printTerm(expression: Expression, symbol: Symbols, outer = 0): string {
  const print = (operand: Expression, strength = 0): string => printTerm(operand, symbol, strength);
  switch (expression.kind) {
    case 'reference':
      return symbol(expression.name);
    case 'constant':
      return `${expression.value}`;
    case 'matvec':
      return `${symbol(expression.matrix.name)} ${print(expression.vector, 4)}`;
    case 'unary':
      return expression.operator === 'negate'
        ? grouped(`-${print(expression.operand, 2)}`, 1, outer)
        : `\\operatorname{${expression.operator}}\\left(${print(expression.operand)}\\right)`;
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator === '/') return `\\frac{${print(left)}}{${print(right)}}`;
      const strength = STRENGTH[operator];
      return grouped(`${print(left, strength - 1)}${SIGNS[operator]}${print(right, strength)}`, strength, outer);
    }
    case 'select':
      throw new TypeError('a cell has no conditional expressions');
    case 'call': {
      const name = FUNCTIONS[expression.function] ?? `\\operatorname{${expression.function}}`;
      return `${name}\\left(${print(expression.operand)}\\right)`;
    }
    default:
      return expression satisfies never;
  }
}

/** `W_ir` as `W_{ir}`, `h_new` at time t as `h_{new,t}`: one subscript, since LaTeX refuses two. */
function subscripted(name: string, ...time: readonly string[]): string {
  const [letter, ...rest] = name.split('_');
  const parts = [...rest, ...time];
  if (parts.length === 0) return name;
  return parts.join(',').length === 1 ? `${letter}_${parts[0]}` : `${letter}_{${parts.join(',')}}`;
}

const grouped = (text: string, strength: number, outer: number): string =>
  strength > outer ? text : `\\left(${text}\\right)`;
