import { printExtent } from '../plan/extent.ts';
import type { Buffer, Plan, PlanStage, Product, View } from '../plan/plan.ts';
import { annotated, printStack } from './expression.ts';

/** Where every value lies, and what every loop loads and stores. */
export function printPlan(plan: Plan): string {
  const { name, direction, dimensions, prepare, phases, finish } = plan;
  return [
    `plan ${name}, ${direction}${dimensions.length > 0 ? `, for any ${dimensions.join(', ')}` : ''}`,
    ...printBuffers(plan),
    ...section('prepare, once', prepare),
    ...phases.flatMap(({ kind, stages }) => section(kind === 'steps' ? `steps, ${direction}` : kind, stages)),
    ...section('finish, once', finish),
  ].join('\n');
}

const ROWS = { one: '', step: 'step, ', chunk: 'chunk, ', sequence: 'rows, ' } as const;

function printBuffers({ inputs, carries, outputs, recorded, ...plan }: Plan): readonly string[] {
  const lists: readonly (readonly [string, readonly Buffer[]])[] = [
    ['tensors', plan.tensors],
    ['inputs', inputs],
    ['carries', carries],
    ['outputs', outputs],
    ['residuals', recorded],
    ['weights', plan.weights],
    ['scratch', plan.scratch],
    ['gradients', plan.gradients],
  ];
  return lists
    .filter(([, buffers]) => buffers.length > 0)
    .flatMap(([title, buffers]) => [
      title,
      ...buffers.map(({ name, rows, width, holds }) => {
        const shape = `${name}[${ROWS[rows]}${printExtent(width)}]`;
        return holds === name || `${holds}s` === name ? `  ${shape}` : `  ${shape}: ${holds}`;
      }),
    ]);
}

const section = (title: string, stages: readonly PlanStage[]): readonly string[] =>
  stages.length > 0 ? [title, ...stages.flatMap(printPlanStage).map((line) => `  ${line}`)] : [];

function printPlanStage(stage: PlanStage): readonly string[] {
  switch (stage.kind) {
    case 'pack': {
      const blocks = stage.blocks.map(at).join('; ') || 'ones';
      const matrix = `[${printExtent(stage.rows)}, ${printExtent(stage.columns)}]`;
      return [`pack ${stage.to.name}${matrix} = [${blocks}]${stage.transposed ? ', transposed' : ''}`];
    }
    case 'copy':
      return [`copy ${at(stage.to)} = ${at(stage.from)}`];
    case 'contract':
      return [`contract ${at(stage.result)} = ${printProduct(stage)}`, `  ${stage.label}`];
    case 'reduce': {
      const lefts = stage.lefts.map(at).join('; ');
      const summed = stage.right ? `outer([${lefts}], ${at(stage.right)})` : `[${lefts}]`;
      return [`reduce [${stage.results.map(at).join('; ')}] = ${summed}`, `  ${stage.label}`];
    }
    case 'map':
      return [
        `map [${stage.shape.join(', ')}]`,
        ...stage.loads.map(({ name, from }) => `  load ${name} = ${at(from)}`),
        ...(stage.joined ?? []).map(({ name, parts }) => `  load ${name} = ${printStack(parts.map(at))}`),
        ...(stage.products ?? []).map((product) => `  sum ${printStack(product.names)} = ${printProduct(product)}`),
        ...annotated(stage.definitions).map((line) => `  ${line}`),
        ...stage.stores.map(({ name, to }) => `  store ${at(to)} = ${name}`),
      ];
    default:
      return stage satisfies never;
  }
}

function printProduct({ matrix, operand, parts = [operand], bias }: Product): string {
  return `${matrix.name} @ ${printStack(parts.map(at))}${bias ? ` + ${at(bias)}` : ''}`;
}

/** `Wx + 2 * H`: where in each row of a buffer. */
const at = ({ buffer, offset }: View): string =>
  offset === 0 ? buffer.name : `${buffer.name} + ${printExtent(offset)}`;
