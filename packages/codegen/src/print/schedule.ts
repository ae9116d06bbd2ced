import type { Program } from '../compile.ts';
import type { CellIr, FunctionIr } from '../ir/definition.ts';
import { isContraction } from '../ir/expression.ts';
import { prefixed } from '../ir/names.ts';
import type { Phase, Schedule, Stage } from '../schedule/schedule.ts';
import { annotated, printDefinition, printStack, printStacked } from './expression.ts';

/** The equations with their shapes, in the order of evaluation. */
export function printCell(cell: CellIr): string {
  const declared = { inputs: cell.inputs, states: cell.carries.map(({ given }) => given), parameters: cell.parameters };
  const lines = Object.entries(declared).map(
    ([role, all]) => `${role}: ${all.map(({ name, shape }) => `${name}[${shape.join(', ')}]`).join(' ')}`,
  );
  return [`cell ${cell.name}`, ...lines, '', ...annotated(cell.definitions)].join('\n');
}

export function printFunction({ name, operand, definitions, ulp }: FunctionIr): string {
  return [
    `${name}(${operand})   within ${ulp} ulp`,
    ...definitions.map((definition) => `  ${printDefinition(definition)}`),
  ].join('\n');
}

/** What is computed when, phase by phase, stage by stage. */
export const printSchedule = (schedule: Schedule): string =>
  [`schedule ${schedule.name}`, ...schedule.phases.flatMap((phase) => printPhase(phase, schedule))].join('\n');

/** The backward pass: what it reads of the forward pass, then its schedule. */
export function printAdjoint({ adjoint, backward }: Program): string {
  const { forward, residuals, outputs, origins } = adjoint;
  const names = new Set(residuals.map(({ name }) => name));
  const parts = forward.definitions.filter(
    ({ name, value }) => names.has(name) && !isContraction(value) && value.kind !== 'call',
  );
  const of = [
    ...backward.outputs.map(({ name }, index) => [backward.inputs[index]!.name, name] as const),
    ...backward.gradients,
  ];
  const shared = of.filter(([name, gradient]) => origins.get(gradient) !== name);
  return [
    `adjoint ${backward.name}`,
    `given for each row: ${list(outputs)}`,
    `residuals, recorded by the forward pass for each row: ${list(residuals) || 'none'}`,
    ...parts.map((definition) => `  ${printDefinition(definition)}`),
    ...backward.phases.flatMap((phase) => printPhase(phase, backward)),
    ...(shared.length > 0
      ? ['the same', ...shared.map(([name, gradient]) => `  ${prefixed('d', name)} = ${gradient}`)]
      : []),
  ].join('\n');
}

const list = (names: readonly { readonly name: string }[]): string => names.map(({ name }) => name).join(', ');

function printPhase(phase: Phase, { direction }: Schedule): readonly string[] {
  const carried = phase.kind === 'steps' ? phase.carries.map(({ given, next }) => `${given.name} -> ${next.name}`) : [];
  const title = phase.kind === 'steps' ? `steps, ${direction}, ${carried.join(', ')}` : phase.kind;
  return [title, ...phase.stages.flatMap((stage) => printStage(stage).map((line) => `  ${line}`))];
}

/** A stage, its definitions below its kind. */
function printStage(stage: Stage): readonly string[] {
  if (stage.kind === 'contract') {
    const { definitions } = stage;
    const names = printStack(definitions.map(({ name }) => name));
    return ['contract', `  ${names} = ${printStacked(definitions.map(({ value }) => value))}`];
  }
  const stored = stage.stores.length > 0 ? `, stores ${stage.stores.join(', ')}` : '';
  const recorded = stage.records.length > 0 ? `, records ${stage.records.join(', ')}` : '';
  return [
    `map [${stage.shape.join(', ')}]${stored}${recorded}`,
    ...annotated(stage.definitions).map((line) => `  ${line}`),
  ];
}
