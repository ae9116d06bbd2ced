import type { CellIr, Definition, Expression, FunctionIr } from './ir.ts';
import type { Schedule, Stage } from './schedule.ts';

const STRENGTH = { '+': 1, '-': 1, '*': 2, '/': 2, '@': 3 } as const;

/** An expression in the notation of the specification, with the parentheses its order of evaluation needs. */
export function printExpression(expression: Expression, outer = 0): string {
  switch (expression.kind) {
    case 'reference':
      return expression.name;
    case 'constant':
      return `${expression.value}`;
    case 'matvec':
      return parenthesise(
        `${expression.matrix.name} @ ${printExpression(expression.vector, STRENGTH['@'])}`,
        STRENGTH['@'],
        outer,
      );
    case 'unary':
      return expression.operator === 'negate'
        ? parenthesise(`-${printExpression(expression.operand, STRENGTH['*'])}`, STRENGTH['+'], outer)
        : `${expression.operator}(${printExpression(expression.operand)})`;
    case 'binary': {
      const strength = STRENGTH[expression.operator];
      const left = printExpression(expression.left, strength - 1);
      return parenthesise(
        `${left} ${expression.operator} ${printExpression(expression.right, strength)}`,
        strength,
        outer,
      );
    }
    case 'select': {
      const { left, comparison, right, whenTrue, whenFalse } = expression;
      const condition = `${printExpression(left)} ${comparison} ${printExpression(right)}`;
      return `(if ${condition} then ${printExpression(whenTrue)} else ${printExpression(whenFalse)})`;
    }
    case 'call':
      return `${expression.function}(${printExpression(expression.operand)})`;
    default:
      return expression satisfies never;
  }
}

export const printDefinition = ({ name, value }: Definition): string => `${name} = ${printExpression(value)}`;

/** The equations with their shapes, in the order of evaluation. */
export function printCell(cell: CellIr): string {
  const declared = (['inputs', 'states', 'parameters'] as const).map(
    (role) => `${role}: ${cell[role].map(({ name, shape }) => `${name}[${shape.join(', ')}]`).join(' ')}`,
  );
  return [`cell ${cell.name}`, ...declared, '', ...annotated(cell.definitions)].join('\n');
}

export function printFunction({ name, operand, definitions, ulp }: FunctionIr): string {
  return [
    `${name}(${operand})   within ${ulp} ulp`,
    ...definitions.map((definition) => `  ${printDefinition(definition)}`),
  ].join('\n');
}

/** What is computed when, stage by stage. */
export function printSchedule({ cell, prepare, before, step, carried }: Schedule): string {
  const names = carried.map(({ name }) => name).join(', ');
  const section = (title: string, stages: readonly Stage[]): readonly string[] =>
    stages.length > 0 ? [title, ...stages.flatMap(printStage)] : [];
  return [
    `schedule ${cell.name}`,
    ...section('once for the parameters', prepare),
    ...section('once for the rows of all steps', before),
    ...section(`at every step${names && `, reading ${names}`}`, step),
  ].join('\n');
}

function printStage(stage: Stage): readonly string[] {
  if (stage.kind === 'elementwise') {
    const stored = stage.stores.length > 0 ? `, keeps ${stage.stores.join(', ')}` : '';
    return [
      `  element-wise [${stage.shape.join(', ')}]${stored}`,
      ...annotated(stage.definitions).map((line) => `    ${line}`),
    ];
  }
  const stacked = (names: readonly string[]) => (names.length > 1 ? `[${names.join('; ')}]` : `${names[0]}`);
  const bias = stage.biased ? ` + ${stacked(stage.blocks.map((block) => block.bias!.name))}` : '';
  const matrices = stacked(stage.blocks.map(({ matrix }) => matrix.name));
  return [
    '  product',
    `    ${stacked(stage.blocks.map(({ name }) => name))} = ${matrices} @ ${stage.operand.name}${bias}`,
  ];
}

function annotated(definitions: readonly Definition[]): readonly string[] {
  const lines = definitions.map(printDefinition);
  const width = Math.max(0, ...lines.map(({ length }) => length));
  return definitions.map(({ comment }, index) =>
    comment ? `${lines[index]!.padEnd(width)}   # ${comment}` : lines[index]!,
  );
}

const parenthesise = (text: string, strength: number, outer: number): string => (strength > outer ? text : `(${text})`);
