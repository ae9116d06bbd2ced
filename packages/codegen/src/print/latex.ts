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
import { instanceOf } from '../ir/names.ts';
import type { Adjoint } from '../passes/differentiate.ts';
import { inlineDefinitions } from '../passes/name-calls.ts';
import { regionsOf } from '../passes/regions.ts';

const STRENGTH = { '+': 1, '-': 1, '*': 2, '/': 3 } as const;
const SIGNS = { '+': ' + ', '-': ' - ', '*': ' \\odot ' } as const;
const FUNCTIONS: Readonly<Record<string, string>> = {
  sigmoid: '\\sigma',
  tanh: '\\tanh',
  exp: '\\exp',
  log: '\\log',
};

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
    if (value.kind === 'transposed' || value.kind === 'sum' || value.kind === 'slice') return [];
    const expression = written(isContraction(value) ? asWritten(value) : value);
    if (isContraction(value) && !names.has(name)) products.set(name, expression);
    return names.has(name) && value.kind !== 'call' ? [{ name, value: expression }] : [];
  });
}

/** A contraction as the specification has it. */
function asWritten(value: Extract<Contraction, { kind: 'product' | 'total' | 'join' }>): Expression {
  if (value.kind === 'join') return { ...value, kind: 'concatenation' };
  if (value.kind === 'total') return { ...value, kind: 'reduction', which: 'sum' };
  const { matrix, vector, bias, shape } = value;
  const product = { kind: 'matvec', matrix, vector, shape } as const;
  return bias ? add<Expression>(product, bias) : product;
}

/** In braces where something stands above already: LaTeX refuses two superscripts. */
const transposed = (symbol: string): string => `${symbol.includes('^') ? `{${symbol}}` : symbol}^\\top`;

const barred = (symbol: string): string => symbol.replace(/^[^_^]+/, (base) => `\\bar{${base}}`);

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
      const terms = value.vectors.map((vector, block) => `${transposed(name(value.matrices[block]!))} ${name(vector)}`);
      return grouped(terms.join(' + '), terms.length > 1 ? 1 : 4, outer);
    }
    case 'total':
      return `\\mathbf{1}^\\top ${name(value.operand)}`;
    case 'join':
      return `\\left[${value.parts.map(name).join(' ; ')}\\right]`;
    case 'slice':
      return `${name(value.operand)}\\left[${[value.before, '\\ldots', ...value.shape].join(' ')}\\right]`;
    case 'sum':
      return value.right ? `${name(value.left)} ${transposed(name(value.right))}` : name(value.left);
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
    case 'concatenation':
      return `\\left[${expression.parts.map((part) => print(part)).join(' ; ')}\\right]`;
    case 'reduction':
      return `\\operatorname{${expression.which}}\\left(${print(expression.operand)}\\right)`;
    case 'unary':
      if (expression.operator === 'negate') return grouped(`-${print(expression.operand, 2)}`, 1, outer);
      if (expression.operator === 'abs') return `\\left|${print(expression.operand)}\\right|`;
      return `\\operatorname{${expression.operator}}\\left(${print(expression.operand)}\\right)`;
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator === 'max' || operator === 'min')
        return `\\${operator}\\left(${print(left)}, ${print(right)}\\right)`;
      if (operator === '/') return `\\frac{${print(left)}}{${print(right)}}`;
      const strength = STRENGTH[operator];
      return grouped(`${print(left, strength - 1)}${SIGNS[operator]}${print(right, strength)}`, strength, outer);
    }
    case 'select': {
      // One choice in the place of another's last case goes on with its cases.
      const cases = (of: Expression): string => {
        if (of.kind !== 'select') return `${print(of)} & \\text{otherwise}`;
        const { comparison, left, right, whenTrue, whenFalse } = of;
        return `${print(whenTrue)} & ${print(left)} ${comparison} ${print(right)} \\\\ ${cases(whenFalse)}`;
      };
      return `\\begin{cases} ${cases(expression)} \\end{cases}`;
    }
    case 'call': {
      if (expression.function === 'sqrt') return `\\sqrt{${print(expression.operand)}}`;
      const name = FUNCTIONS[expression.function] ?? `\\operatorname{${expression.function}}`;
      return `${name}\\left(${print(expression.operand)}\\right)`;
    }
    default:
      return expression satisfies never;
  }
}

/**
 * `W_ir` as `W_{ir}`, `h_new` at time t as `h_{new,t}`: one subscript, since LaTeX refuses two. What belongs to a called
 * cell has the name of its instance above: `g1.W_ir` is `W_{ir}^{(\\mathrm{g1})}`.
 */
function subscripted(name: string, ...time: readonly string[]): string {
  const instance = instanceOf(name);
  const above = instance === undefined ? '' : `^{(\\mathrm{${instance.replaceAll('_', '\\_')}})}`;
  const [letter, ...rest] = name.slice(instance === undefined ? 0 : instance.length + 1).split('_');
  const parts = [...rest, ...time].join(',');
  if (parts === '') return `${letter}${above}`;
  return `${letter}_${parts.length === 1 ? parts : `{${parts}}`}${above}`;
}

const grouped = (text: string, strength: number, outer: number): string =>
  strength > outer ? text : `\\left(${text}\\right)`;
