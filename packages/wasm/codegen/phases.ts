import type { Buffer, Plan, PlanPhase, PlanStage } from '@congruent/codegen';
import { localsIn, weightPieces, withPointers } from './memory.ts';
import { stagesOfRows, type Target } from './stages.ts';
import { call, define, get, type Wat } from './wat.ts';

/** A function for rows of a chunk, or of a step. */
export interface PhaseFunction {
  readonly kind: PlanPhase['kind'];
  readonly code: Wat[];
  /** A call, with the operands that it needs; `at`: where the rows of a buffer begin; `count`: how many there are. */
  readonly call: (at: (buffer: Buffer) => Wat, count: Wat) => Wat;
}

/** A function for each phase that has anything to do. */
export function phaseFunctions(plan: Plan, target: Target): readonly PhaseFunction[] {
  const phases = plan.phases.filter(({ stages }) => stages.length > 0);
  return phases.map(({ kind, stages }, index) => {
    const name = `${kind}_${index + 1}_${plan.direction}`;
    const body = withPointers(weightPieces(plan, target.lanes), 'weights', stagesOfRows(stages, 'count', target));
    const read = localsIn(body);
    const given = [...plan.dimensions, 'weights'].filter((each) => read.has(each));
    const buffers = [...new Set(stages.flatMap(buffersOf))].filter((each) => read.has(each.name) && !isWeights(each));
    const comment =
      kind === 'steps'
        ? `One step of \`count\` rows, ${plan.direction}: overwrites what the loop hands on.`
        : 'What no step waits for, for `count` rows.';
    const parameters = [...given, ...buffers.map((buffer) => buffer.name), 'count'];
    return {
      kind,
      code: define({ name, comment, parameters }, body),
      call: (at, count) => call(name, ...given.map(get), ...buffers.map(at), count),
    };
  });
}

const isWeights = ({ space }: Buffer): boolean => space === 'weights';

/** The buffers that a stage works on. */
function buffersOf(stage: PlanStage): readonly Buffer[] {
  switch (stage.kind) {
    case 'map':
      return [...stage.loads.map(({ from }) => from), ...stage.stores.map(({ to }) => to)].map(({ buffer }) => buffer);
    case 'contract':
      return [stage.operand.buffer, stage.result.buffer];
    case 'copy':
      return [stage.from.buffer, stage.to.buffer];
    case 'pack':
    case 'reduce':
      return [];
    default:
      return stage satisfies never;
  }
}
