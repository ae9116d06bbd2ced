import { type ContractStage, definitionsIn, type RowPhase, type Schedule, sectionsOf } from '../schedule/schedule.ts';
import type { Constants } from './constants.ts';
import { copiesOf, planContraction } from './contract.ts';
import { planMap } from './map.ts';
import { type Memory, viewOf } from './memory.ts';
import { type Arguments, Places } from './places.ts';
import type { CopyPlan, PlanPhase, PlanStage, Target, View } from './plan.ts';
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
  private readonly biases: CopyPlan[];
  /** What the phases of rows define: the rest of what they read is given. */
  private readonly defined: ReadonlySet<string>;
  /** The place of each carry in the schedule's list, by the name of what it gives. */
  private readonly carryOf: ReadonlyMap<string, number>;

  /** @param biases  takes the copies that make biases when weights are made */
  constructor(schedule: Schedule, target: Target, constants: Constants, memory: Memory, biases: CopyPlan[]) {
    const { rows } = sectionsOf(schedule);
    this.schedule = schedule;
    this.constants = constants;
    this.places = new Places(schedule, target, memory);
    this.biases = biases;
    this.defined = new Set(definitionsIn(rows.flatMap(({ stages }) => stages)).map(({ name }) => name));
    this.arguments = this.places.arguments;
    this.carryOf = new Map(schedule.carries.map(({ given }, index) => [given.name, index]));
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
    const handedOn = carries.flatMap(({ given, next }): PlanStage[] => {
      const index = this.carryOf.get(given.name)!;
      if (places.inPlace(index)) return [];
      return [{ kind: 'copy', from: read(next.name), to: viewOf(places.arguments.carries[index]!, given.shape) }];
    });
    return [...planned, ...handedOn];
  }

  /** A product of rows, copied to where else its results belong. */
  private contract(stage: ContractStage, read: (name: string) => View): readonly PlanStage[] {
    const { constants, places } = this;
    const written = stage.definitions.map(({ name }) => places.writes(name, false));
    const planned = planContraction(stage, constants, {
      read,
      results: written.map(([first]) => first!),
      biased: (copies) => {
        this.biases.push(...copies);
        return [];
      },
      stack: (product, vectors) => {
        const views = places.stack(product);
        if (views === undefined) return { operand: read(vectors[0]!.name), copies: [] };
        const given = vectors.flatMap(({ name }, index): CopyPlan[] =>
          this.defined.has(name) ? [] : [{ kind: 'copy', from: read(name), to: views[index]! }],
        );
        return {
          operand: viewOf(
            views[0]!.buffer,
            vectors.flatMap(({ shape }) => shape),
          ),
          copies: given,
        };
      },
    });
    return [...planned, ...written.flatMap(([from, ...others]) => copiesOf(from!, others))];
  }

  /** The last value of a state that no loop hands on is that of its last row. */
  private lastStates(): readonly PlanPhase[] {
    const { schedule, places } = this;
    const stages = schedule.carries.flatMap(({ next }, index): PlanStage[] => {
      if (places.isLooped(index)) return [];
      const to = viewOf(places.arguments.carries[index]!, next.shape);
      return [{ kind: 'copy', from: places.read(next.name, AFTER), to }];
    });
    return stages.length > 0 ? [{ kind: 'steps', stages }] : [];
  }
}
