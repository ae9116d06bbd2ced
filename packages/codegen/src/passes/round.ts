import type { Program } from '../compile.ts';
import type { Definition, FunctionIr } from '../ir/definition.ts';
import { type MapExpression, mapOperands } from '../ir/expression.ts';
import type { Schedule, Stage } from '../schedule/schedule.ts';
import type { DType } from './lower.ts';

type Rounded = Pick<Program, 'forward' | 'backward'> & { readonly functions: readonly FunctionIr[] };

/** A program with every constant rounded to the element type, as each operation on it takes it. */
export function rounded(program: Rounded, dtype: DType): Rounded {
  if (dtype === 'float64') return program;
  const { forward, backward, functions } = program;
  return {
    forward: roundIn(forward),
    backward: roundIn(backward),
    functions: functions.map((called) => ({ ...called, definitions: called.definitions.map(roundDefinition) })),
  };
}

function roundIn(schedule: Schedule): Schedule {
  const stage = (of: Stage): Stage =>
    of.kind === 'map' ? { ...of, definitions: of.definitions.map(roundDefinition) } : of;
  return { ...schedule, phases: schedule.phases.map((phase) => ({ ...phase, stages: phase.stages.map(stage) })) };
}

const roundDefinition = (definition: Definition<MapExpression>): Definition<MapExpression> => ({
  ...definition,
  value: round(definition.value),
});

const round = (expression: MapExpression): MapExpression =>
  expression.kind === 'constant'
    ? { ...expression, value: Math.fround(expression.value) }
    : mapOperands<MapExpression>(expression, round);
