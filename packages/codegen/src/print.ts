import type { AdjointSchedule, SumStage } from './adjoint-schedule.ts';
import type { CellIr, Definition, Expression, FunctionIr } from './ir.ts';
import type { Schedule } from './schedule.ts';
import { readBy, type Stage, type TransposedStage } from './stages.ts';

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
    case 'vecmat': {
      const vectors = printStack(expression.vectors.map((vector) => printExpression(vector, STRENGTH['@'])));
      const matrices = printStack(expression.matrices.map(({ name }) => name));
      return parenthesise(`${vectors} @ ${matrices}`, STRENGTH['@'], outer);
    }
    case 'outer':
      return `outer(${printExpression(expression.left)}, ${printExpression(expression.right)})`;
    case 'total':
      return `total(${printExpression(expression.operand)})`;
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

/** The backward pass, stage by stage. */
export function printAdjoint({ adjoint, prepare, step, after, sums, finish, carried }: AdjointSchedule): string {
  const list = (names: readonly { readonly name: string }[]): string => names.map(({ name }) => name).join(', ');
  const summed = readBy(adjoint.sums);
  const parts = adjoint.forward.definitions.filter(({ name }) => adjoint.kept.some((kept) => kept.name === name));
  const given = [adjoint.output, ...adjoint.states.map(({ incoming }) => incoming)];
  const stages = (title: string, some: readonly (Stage | TransposedStage)[]): readonly string[] =>
    some.length > 0 ? [title, ...some.flatMap(printStage)] : [];
  const shared = [...adjoint.gradients].filter(([name, gradient]) => adjoint.origins.get(gradient) !== name);
  return [
    `adjoint ${adjoint.forward.name}`,
    `recorded by the forward pass, for each row: ${list(adjoint.kept) || 'nothing'}`,
    ...parts.filter(({ value }) => value.kind !== 'call').map((definition) => `  ${printDefinition(definition)}`),
    ...stages('once for the parameters', prepare),
    ...stages(`at every step, from the last to the first, given ${list(given)}`, step),
    ...stages('once for the rows of all steps', after),
    ...(sums.length > 0
      ? [`summed over the rows of all steps, reading ${list(carried.filter(({ name }) => summed.has(name)))}`]
      : []),
    ...sums.map(printSum),
    ...(finish.length > 0 ? ['once', ...annotated(finish).map((line) => `  ${line}`)] : []),
    ...(shared.length > 0 ? ['the same', ...shared.map(([name, gradient]) => `  d${name} = ${gradient}`)] : []),
  ].join('\n');
}

function printSum({ operand, blocks }: SumStage): string {
  const names = printStack(blocks.map(({ name }) => name));
  const adjoints = printStack(blocks.map(({ adjoint }) => adjoint.name));
  return `  ${names} = ${operand ? `outer(${adjoints}, ${operand.name})` : adjoints}`;
}

function printStage(stage: Stage | TransposedStage): readonly string[] {
  if (stage.kind === 'transposed') {
    const { name, vectors, matrices } = stage;
    const stack = (references: readonly { readonly name: string }[]): string =>
      printStack(references.map((reference) => reference.name));
    return ['  product', `    ${name} = ${stack(vectors)} @ ${stack(matrices)}`];
  }
  if (stage.kind === 'elementwise') {
    const stored = stage.stores.length > 0 ? `, keeps ${stage.stores.join(', ')}` : '';
    const recorded = stage.keeps.length > 0 ? `, records ${stage.keeps.join(', ')}` : '';
    return [
      `  element-wise [${stage.shape.join(', ')}]${stored}${recorded}`,
      ...annotated(stage.definitions).map((line) => `    ${line}`),
    ];
  }
  const bias = stage.biased ? ` + ${printStack(stage.blocks.map((block) => block.bias!.name))}` : '';
  const matrices = printStack(stage.blocks.map(({ matrix }) => matrix.name));
  return [
    '  product',
    `    ${printStack(stage.blocks.map(({ name }) => name))} = ${matrices} @ ${stage.operand.name}${bias}`,
  ];
}

function annotated(definitions: readonly Definition[]): readonly string[] {
  const lines = definitions.map(printDefinition);
  const width = Math.max(0, ...lines.map(({ length }) => length));
  return definitions.map(({ comment }, index) =>
    comment ? `${lines[index]!.padEnd(width)}   # ${comment}` : lines[index]!,
  );
}

/** `[a; b]`: one below the other; one alone is itself. */
const printStack = (parts: readonly string[]): string => (parts.length > 1 ? `[${parts.join('; ')}]` : `${parts[0]}`);

const parenthesise = (text: string, strength: number, outer: number): string => (strength > outer ? text : `(${text})`);
