import type { Definition } from '../ir/definition.ts';
import { type Contraction, type Expression, isContraction, type Value } from '../ir/expression.ts';

const STRENGTH = { '+': 1, '-': 1, '*': 2, '/': 2, negate: 2, '@': 3 } as const;

/** An expression in the notation of the specification, with the parentheses its order of evaluation needs. */
export function printExpression(expression: Expression, outer = 0): string {
  switch (expression.kind) {
    case 'reference':
      return expression.name;
    case 'constant':
      return `${expression.value}`;
    case 'matvec':
      return grouped(
        `${expression.matrix.name} @ ${printExpression(expression.vector, STRENGTH['@'])}`,
        STRENGTH['@'],
        outer,
      );
    case 'unary':
      return expression.operator === 'negate'
        ? grouped(`-${printExpression(expression.operand, STRENGTH.negate)}`, STRENGTH['+'], outer)
        : `${expression.operator}(${printExpression(expression.operand)})`;
    case 'binary': {
      if (expression.operator === 'max' || expression.operator === 'min') {
        return `${expression.operator}(${printExpression(expression.left)}, ${printExpression(expression.right)})`;
      }
      const strength = STRENGTH[expression.operator];
      const left = printExpression(expression.left, strength - 1);
      return grouped(`${left} ${expression.operator} ${printExpression(expression.right, strength)}`, strength, outer);
    }
    case 'select': {
      const { left, comparison, right, whenTrue, whenFalse } = expression;
      const condition = `${printExpression(left)} ${comparison} ${printExpression(right)}`;
      return `(if ${condition} then ${printExpression(whenTrue)} else ${printExpression(whenFalse)})`;
    }
    case 'call':
      return `${expression.function}(${printExpression(expression.operand)})`;
    case 'concatenation':
      return `[${expression.parts.map((part) => printExpression(part)).join('; ')}]`;
    case 'reduction':
      return `${expression.which}(${printExpression(expression.operand)})`;
    default:
      return expression satisfies never;
  }
}

/** A product or an expression; a sum of rows is `outer(a, b)`, or the vector itself. */
export function printValue(value: Value | Expression): string {
  return isContraction(value) ? printStacked([value]) : printExpression(value);
}

export const printDefinition = ({ name, value }: Definition<Value | Expression>): string =>
  `${name} = ${printValue(value)}`;

/** Contractions that are computed as one: their matrices, biases or left sides one below the other. */
export function printStacked(contractions: readonly Contraction[]): string {
  const [first] = contractions as readonly [Contraction];
  switch (first.kind) {
    case 'product': {
      const products = contractions.filter((each) => each.kind === 'product');
      const biases = products.flatMap(({ bias }) => bias?.name ?? []);
      const matrices = printStack(products.map(({ matrix }) => matrix.name));
      return `${matrices} @ ${first.vector.name}${biases.length > 0 ? ` + ${printStack(biases)}` : ''}`;
    }
    case 'transposed':
      return `${printStack(first.vectors.map(({ name }) => name))} @ ${printStack(first.matrices.map(({ name }) => name))}`;
    case 'total':
      return `total(${first.operand.name})`;
    case 'join':
      return `[${first.parts.map(({ name }) => name).join('; ')}]`;
    case 'slice':
      return `${first.operand.name}[${[first.before, '…', ...first.shape].join(' ')}]`;
    case 'sum': {
      const lefts = printStack(contractions.flatMap((each) => (each.kind === 'sum' ? each.left.name : [])));
      return first.right ? `outer(${lefts}, ${first.right.name})` : lefts;
    }
    default:
      return first satisfies never;
  }
}

/** `[a; b]`: one below the other; one alone is itself. */
export const printStack = (parts: readonly string[]): string =>
  parts.length > 1 ? `[${parts.join('; ')}]` : `${parts[0]}`;

/** Definitions a line each, their comments in one column. */
export function annotated(definitions: readonly Definition<Value | Expression>[]): readonly string[] {
  const lines = definitions.map(printDefinition);
  const width = lines.reduce((widest, { length }) => Math.max(widest, length), 0);
  return definitions.map(({ comment }, index) =>
    comment ? `${lines[index]!.padEnd(width)}   # ${comment}` : lines[index]!,
  );
}

const grouped = (text: string, strength: number, outer: number): string => (strength > outer ? text : `(${text})`);
