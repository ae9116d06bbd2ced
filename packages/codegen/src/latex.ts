import type { AdjointSchedule } from './adjoint-schedule.ts';
import { inlineDefinitions } from './calls.ts';
import { regionsOf } from './dependence.ts';
import { type CellIr, type Definition, type Expression, namesOf, reference } from './ir.ts';

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
export function printAdjointLatex({ adjoint }: AdjointSchedule): string {
  const { forward, definitions, sums, finish, origins, gradients } = adjoint;
  const forwardSymbol = symbolsOf(forward);
  const once = new Set([...sums, ...finish].map(({ name }) => name));
  const symbol: Symbols = (name) => {
    if (name === adjoint.output.name) return '\\bar{y}_t';
    const origin = origins.get(name);
    if (origin !== undefined) return barred(forwardSymbol(origin));
    return once.has(name) ? subscripted(name) : forwardSymbol(name);
  };
  const line = ({ name, value }: Definition): string => `${symbol(name)} &= ${printTerm(value, symbol)}`;
  const kept = inlineDefinitions(forward, new Set(adjoint.kept.map(({ name }) => name))).definitions;
  const recorded = kept.filter(({ value }) => value.kind !== 'call');
  const summed = sums.map(({ name, value }) => `${symbol(name)} &= \\sum_t ${printTerm(value, symbol, 1)}`);
  const shared = forward.parameters.flatMap(({ name }) => {
    const gradient = gradients.get(name)!;
    return origins.get(gradient) === name ? [] : [`${barred(forwardSymbol(name))} &= ${symbol(gradient)}`];
  });
  return aligned([...[...recorded, ...definitions].map(line), ...summed, ...finish.map(line), ...shared]);
}

const barred = (symbol: string): string => symbol.replace(/^[^_]+/, (base) => `\\bar{${base}}`);

const aligned = (lines: readonly string[]): string =>
  `\\begin{aligned}\n${lines.map((line) => `  ${line}`).join(' \\\\\n')}\n\\end{aligned}`;

function symbolsOf(cell: CellIr): Symbols {
  const regionOf = regionsOf(cell, cell.definitions);
  const early = new Set(
    namesOf(cell).filter((name) => ['constant', 'parameter'].includes(regionOf(reference(name, [])))),
  );
  const states = new Set(cell.states.map(({ name }) => name));
  return (name) => {
    if (early.has(name)) return subscripted(name);
    return states.has(name) ? subscripted(name, 't-1') : subscripted(name.replace("'", ''), 't');
  };
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
    case 'vecmat': {
      const terms = expression.vectors.map(
        (vector, block) => `${symbol(expression.matrices[block]!.name)}^\\top ${print(vector, 4)}`,
      );
      return grouped(terms.join(' + '), terms.length > 1 ? 1 : 4, outer);
    }
    case 'outer':
      return `${print(expression.left, 4)} ${print(expression.right, 4)}^\\top`;
    case 'total':
      return `\\mathbf{1}^\\top ${print(expression.operand, 4)}`;
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
