import type { CellIr, Expression } from './ir.ts';

const STRENGTH = { '+': 1, '-': 1, '*': 2, '/': 3 } as const;
const SIGNS = { '+': ' + ', '-': ' - ', '*': ' \\odot ' } as const;
const FUNCTIONS: Readonly<Record<string, string>> = { sigmoid: '\\sigma', tanh: '\\tanh' };

/** A cell's equations as a LaTeX `aligned` environment, with the time as a subscript: h' is h_t, h is h_{t-1}. */
export function printLatex(cell: CellIr): string {
  const parameters = new Set(cell.parameters.map(({ name }) => name));
  const states = new Set(cell.states.map(({ name }) => name));
  const symbol = (name: string): string => {
    if (parameters.has(name)) return subscripted(name);
    return states.has(name) ? subscripted(name, 't-1') : subscripted(name.replace("'", ''), 't');
  };
  const latex = (expression: Expression, outer = 0): string => {
    switch (expression.kind) {
      case 'reference':
        return symbol(expression.name);
      case 'constant':
        return `${expression.value}`;
      case 'matvec':
        return `${symbol(expression.matrix.name)} ${latex(expression.vector, 4)}`;
      case 'unary':
        return expression.operator === 'negate'
          ? grouped(`-${latex(expression.operand, 2)}`, 1, outer)
          : `\\operatorname{${expression.operator}}\\left(${latex(expression.operand)}\\right)`;
      case 'binary': {
        const { operator, left, right } = expression;
        if (operator === '/') return `\\frac{${latex(left)}}{${latex(right)}}`;
        const strength = STRENGTH[operator];
        return grouped(`${latex(left, strength - 1)}${SIGNS[operator]}${latex(right, strength)}`, strength, outer);
      }
      case 'select':
        throw new TypeError('a cell has no conditional expressions');
      case 'call':
        return `${FUNCTIONS[expression.function] ?? `\\operatorname{${expression.function}}`}\\left(${latex(expression.operand)}\\right)`;
      default:
        return expression satisfies never;
    }
  };
  const lines = cell.definitions.map(({ name, value }) => `  ${symbol(name)} &= ${latex(value)}`);
  return `\\begin{aligned}\n${lines.join(' \\\\\n')}\n\\end{aligned}`;
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
