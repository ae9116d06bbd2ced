import { type ContractStage, type RowPhase, type Schedule, sectionsOf } from '../schedule/schedule.ts';
import type { Constants } from './constants.ts';
import { isCopied, planContraction, planCopies } from './contract.ts';
import { planMap } from './map.ts';
import { copyOf, type Memory, wholeOf } from './memory.ts';
import { type Arguments, Places } from './places.ts';
import type { PlanPhase, PlanStage, Target, View } from './plan.ts';
import { AFTER } from './readers.ts';

/** The planned phases of rows. */
export interface RowsPlan {
  readonly arguments: Arguments;
  readonly phases: readonly PlanPhase[];
  /** Where a value lies for the rows of all steps. */
  read(name: string): View;
}

/** Plans the phases of rows where stages may write into the same buffers. */
export class RowPlanner implements RowsPlan {
  readonly arguments: Arguments;
  readonly phases: readonly PlanPhase[];
  private readonly schedule: Schedule;
  private readonly constants: Constants;
  private readonly places: Places;

  constructor(schedule: Schedule, target: Target, constants: Constants, memory: Memory) {
    const { rows } = sectionsOf(schedule);
    this.schedule = schedule;
    this.constants = constants;
    this.places = new Places(schedule, target, memory);
    this.arguments = this.places.arguments;
    const phases = rows.map((phase, index): PlanPhase => ({ kind: phase.kind, stages: this.phase(phase, index) }));
    this.phases = [...phases, ...this.lastStates()];
  }

  read(name: string): View {
    return this.places.read(name, AFTER);
  }

  /** The stages of one phase of rows. */
  private phase(phase: RowPhase, at: number): readonly PlanStage[] {
    const { constants, places } = this;
    const read = (name: string): View => (constants.has(name) ? constants.kept(name) : places.read(name, at));
    const planned = phase.stages.flatMap((stage): readonly PlanStage[] => {
      if (stage.kind === 'contract') return this.contract(stage, read);
      const own = new Set(stage.definitions.map(({ name }) => name));
      return [
        planMap(
          stage,
          read,
          (name) => places.writes(name, !own.has(name)),
          (name) => places.recorded(name),
        ),
      ];
    });
    const carries = phase.kind === 'steps' ? phase.carries : [];
    const handedOn = carries
      .filter((carry) => !places.inPlace(carry))
      .map(({ given, next }) => copyOf(read(next.name), places.carried(given.name)));
    return [...planned, ...handedOn];
  }

  /** A product of rows, copied to where else its results belong. */
  private contract(stage: ContractStage, read: (name: string) => View): readonly PlanStage[] {
    const { constants, places } = this;
    const written = stage.definitions.map(({ name }) => places.writes(name, false));
    const { value } = stage.definitions[0]!;
    if (isCopied(value)) return written[0]!.flatMap((to) => planCopies(value, read, to));
    const planned = planContraction(stage, constants, {
      read,
      results: written.map(([first]) => first!),
      stack: (product, vectors) => {
        const views = places.stack(product);
        if (views === undefined) return { operand: read(vectors[0]!.name) };
        const copies = vectors.flatMap(({ name }, index) =>
          places.uses.stageOf(name) !== undefined ? [] : [copyOf(read(name), views[index]!)],
        );
        return { operand: wholeOf(views), copies };
      },
    });
    constants.biases.push(...planned.biases);
    return [
      ...planned.copies,
      planned.stage,
      ...written.flatMap(([from, ...others]) => others.map((to) => copyOf(from!, to))),
    ];
  }

  /** The last value of a state that no loop hands on is that of its last row. */
  private lastStates(): readonly PlanPhase[] {
    const { schedule, places } = this;
    const stages = schedule.carries
      .filter((carry) => !places.uses.isLooped(carry))
      .map(({ given, next }) => copyOf(places.read(next.name, AFTER), places.carried(given.name)));
    return stages.length > 0 ? [{ kind: 'steps', stages }] : [];
  }
}
