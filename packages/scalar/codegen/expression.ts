import { type Definition, type DType, type Expression, identifier } from '@congruent/codegen';

/** A definition as a TypeScript statement, with its comment. */
export function renderDefinition({ name, value, comment }: Definition, dtype: DType): string {
  const text = renderExpression(value, dtype);
  const bare = value.kind === 'select' ? text.slice(1, -1) : text;
  return `const ${identifier(name)} = ${bare};${comment ? ` // ${comment}` : ''}`;
}

/**
 * Statements, after taking the functions of Math that they call into local names: calls of those are so short in V8's
 * bytecode that all activations of a step fit its budget for inlining.
 */
export function withMath(statements: readonly string[]): string[] {
  const called = ['abs', 'floor', 'fround'].filter((name) => new RegExp(`\\b${name}\\(`).test(statements.join('\n')));
  return called.length > 0 ? [`const { ${called.join(', ')} } = Math;`, ...statements] : [...statements];
}

/** An expression as TypeScript on numbers; in float32 every operation that can be inexact is rounded by `fround`. */
function renderExpression(expression: Expression, dtype: DType): string {
  const render = (inner: Expression): string => renderExpression(inner, dtype);
  switch (expression.kind) {
    case 'reference':
      return identifier(expression.name);
    case 'constant':
      return `${dtype === 'float32' ? Math.fround(expression.value) : expression.value}`;
    case 'matvec':
    case 'vecmat':
    case 'outer':
    case 'total':
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
  abs: (operand: string) => `abs(${operand})`,
  floor: (operand: string) => `floor(${operand})`,
  pow2: (operand: string) => `pow2(${operand})`,
} as const;
