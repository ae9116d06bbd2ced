import type { Definition, DType, Expression } from '@congruent/codegen';

/** A definition as a TypeScript statement, with its comment. */
export function renderDefinition({ name, value, comment }: Definition, dtype: DType): string {
  const text = renderExpression(value, dtype);
  const bare = value.kind === 'select' ? text.slice(1, -1) : text;
  return `const ${identifier(name)} = ${bare};${comment ? ` // ${comment}` : ''}`;
}

/** A name of the specification as an identifier: `h'` is `h_next`. */
export const identifier = (name: string): string => name.replace("'", '_next');

/** An expression as TypeScript on numbers; in float32 every operation that can be inexact is rounded by `fround`. */
function renderExpression(expression: Expression, dtype: DType): string {
  const render = (inner: Expression): string => renderExpression(inner, dtype);
  switch (expression.kind) {
    case 'reference':
      return identifier(expression.name);
    case 'constant':
      return `${dtype === 'float32' ? Math.fround(expression.value) : expression.value}`;
    case 'matvec':
      throw new TypeError('a product is a stage of its own');
    case 'unary':
      return UNARY[expression.operator](render(expression.operand));
    case 'binary': {
      const operands = [expression.left, expression.right].map((operand) => {
        const text = render(operand);
        return dtype === 'float64' && operand.kind === 'binary' ? `(${text})` : text;
      });
      const text = operands.join(` ${expression.operator} `);
      return dtype === 'float32' ? `fround(${text})` : text;
    }
    case 'select': {
      const condition = `${render(expression.left)} ${expression.comparison} ${render(expression.right)}`;
      return `(${condition} ? ${render(expression.whenTrue)} : ${render(expression.whenFalse)})`;
    }
    case 'call':
      return `${expression.function}(${render(expression.operand)})`;
    default:
      return expression satisfies never;
  }
}

const UNARY = {
  negate: (operand: string) => `-${operand}`,
  abs: (operand: string) => `Math.abs(${operand})`,
  floor: (operand: string) => `Math.floor(${operand})`,
  pow2: (operand: string) => `pow2(${operand})`,
} as const;
