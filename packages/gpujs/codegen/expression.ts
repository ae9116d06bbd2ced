import { type Definition, type Expression, identifier } from '@congruent/codegen';

/** A definition as a statement, with its comment. */
export function renderDefinition({ name, value, comment }: Definition): string {
  const text = renderExpression(value);
  const bare = value.kind === 'select' ? text.slice(1, -1) : text;
  return `const ${identifier(name)} = ${bare};${comment ? ` // ${comment}` : ''}`;
}

/** A function's name in a kernel; tanh is taken in GLSL. */
export const functionName = (name: string): string => `spec_${name}`;

/** An expression as JavaScript on numbers; the device rounds. Constants have their float32 values. */
export function renderExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'reference':
      return identifier(expression.name);
    case 'constant':
      return `${Math.fround(expression.value)}`;
    case 'matvec':
    case 'vecmat':
    case 'outer':
    case 'total':
      throw new TypeError('a product is summed in a loop of its own');
    case 'unary':
      return UNARY[expression.operator](renderExpression(expression.operand));
    case 'binary': {
      const { operator, left, right } = expression;
      const level = LEVEL[operator];
      const text = (operand: Expression, least: number): string => {
        const inner = renderExpression(operand);
        return operand.kind === 'binary' && LEVEL[operand.operator] < least ? `(${inner})` : inner;
      };
      // Operations of the same level are grouped from the left, which is the specified order.
      return `${text(left, level)} ${operator} ${text(right, level + 1)}`;
    }
    case 'select': {
      const condition = `${renderExpression(expression.left)} ${expression.comparison} ${renderExpression(expression.right)}`;
      return `(${condition} ? ${renderExpression(expression.whenTrue)} : ${renderExpression(expression.whenFalse)})`;
    }
    case 'call':
      return `${functionName(expression.function)}(${renderExpression(expression.operand)})`;
    default:
      return expression satisfies never;
  }
}

const LEVEL = { '+': 1, '-': 1, '*': 2, '/': 2 } as const;

const UNARY = {
  negate: (operand: string) => `-${operand.includes(' ') && !operand.startsWith('(') ? `(${operand})` : operand}`,
  abs: (operand: string) => `Math.abs(${operand})`,
  floor: (operand: string) => `Math.floor(${operand})`,
  pow2: (operand: string) => `pow2(${operand})`,
} as const;
