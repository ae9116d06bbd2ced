import type { Program } from '../compile.ts';
import type { FunctionIr } from '../ir/definition.ts';
import { referenceTo } from '../ir/definition.ts';
import { type Reference, reference } from '../ir/expression.ts';
import { append } from '../ir/lists.ts';
import type { DType } from '../passes/lower.ts';
import { renamed, spelled } from '../passes/rename.ts';
import { rounded } from '../passes/round.ts';
import {
  type ContractStage,
  dimensionsOf,
  type Schedule,
  type Stage,
  sectionsOf,
  valuesOf,
} from '../schedule/schedule.ts';
import { Apart } from './apart.ts';
import { Constants, placeTensors, type Tensors } from './constants.ts';
import { isCopied, planContraction, planCopies } from './contract.ts';
import { type Extent, up } from './extent.ts';
import { planMap } from './map.ts';
import { buffersName, copyOf, Memory, wholeOf } from './memory.ts';
import type { Plan, PlanStage, Target, View } from './plan.ts';
import { RowPlanner, type RowsPlan } from './rows.ts';
import { verifyPlan } from './verify.ts';

/** A program in the memory of one backend, forwards and backwards, for one element type. */
export interface Plans {
  readonly dtype: DType;
  /** By the cell's name of a dimension, the plans'. */
  readonly lengths: ReadonlyMap<string, string>;
  /** By the program's name of a value, the plans'. */
  readonly values: ReadonlyMap<string, string>;
  readonly forward: Plan;
  readonly backward: Plan;
  /** What the maps call, in order of first use. */
  readonly functions: readonly FunctionIr[];
}

/** Plans a program for a target. Pure: the same program gives the same plans. */
export function planFor(program: Program, target: Target, dtype: DType): Plans {
  const { cell } = program;
  const called = program.functions[dtype];
  const taken = new Set([...target.reserved, ...called.map(({ name }) => name)]);
  const { dimensions: lengths, values, ...schedules } = renamed(program, dimensionsOf(program.forward), taken);
  const { forward, backward, functions } = rounded({ ...schedules, functions: called }, dtype);
  const dimensions = [...lengths.values()];
  const reserved = new Set([...taken, ...dimensions]);
  const blocks = [...forward.parameters];
  const tensors: Tensors = cell.tensors.map((tensor) => {
    return { name: spelled(tensor.name), blocks: blocks.splice(0, tensor.blocks.length) };
  });
  // Where stages write apart, both plans have the buffers of residuals in common.
  const shown = target.apart ? [...valuesOf(forward), ...valuesOf(backward)] : [];
  const names = [...reserved, ...shown.map(({ name }) => name)];
  const there = new Planner(forward, tensors, target, names, new Map());
  const planOf = (planner: Planner): Plan => verifyPlan({ ...planner.plan(), dimensions });
  const planned = planOf(there);
  const shared = target.apart ? planned.recorded.map(({ name }) => name) : [];
  const back = new Planner(backward, tensors, target, [...names, ...shared], there.residuals);
  return { dtype, lengths, values, forward: planned, backward: planOf(back), functions };
}

class Planner {
  private readonly schedule: Schedule;
  private readonly target: Target;
  private readonly memory: Memory;
  private readonly constants: Constants;
  private readonly tensors: Tensors;
  /** Where sums, and what follows from them, are written: first where they are read. */
  private readonly totals = new Map<string, View[]>();

  /** Where residuals lie, where stages write apart: forwards once they are planned, backwards as they are given. */
  residuals: ReadonlyMap<string, View>;

  constructor(
    schedule: Schedule,
    tensors: Tensors,
    target: Target,
    reserved: Iterable<string>,
    residuals: ReadonlyMap<string, View>,
  ) {
    this.schedule = schedule;
    this.target = target;
    this.tensors = tensors;
    this.residuals = residuals;
    this.memory = new Memory([...reserved, ...valuesOf(schedule).map(({ name }) => name)]);
    this.constants = new Constants(placeTensors(tensors, 'tensor', this.memory), target, this.memory);
  }

  plan(): Omit<Plan, 'dimensions'> {
    const { schedule, memory, constants } = this;
    const { early, sums, finish } = sectionsOf(schedule);
    const computed = early.flatMap((stage) => this.once(stage));
    const rows = this.planRows();
    this.placeTotals([...sums, ...finish]);
    const finished = [...sums, ...finish].flatMap((stage) => this.total(stage, rows));
    return {
      name: schedule.name,
      direction: schedule.direction,
      ...rows.arguments,
      tensors: memory.in('tensor'),
      gradients: memory.in('gradient'),
      weights: memory.in('weights'),
      scratch: memory.in('scratch', 'residual').filter((buffer) => !rows.arguments.recorded.includes(buffer)),
      prepare: [...constants.packs, ...computed, ...constants.biases],
      phases: rows.phases,
      finish: [...finished, ...this.sharedGradients()],
    };
  }

  private planRows(): RowsPlan {
    const { schedule, target, constants, memory } = this;
    if (!target.apart) return new RowPlanner(schedule, target, constants, memory);
    const apart = new Apart(schedule, constants, memory, this.residuals, target.buffers);
    this.residuals = apart.residuals;
    return apart;
  }

  /** A stage of parameters alone. */
  private once(stage: Stage): readonly PlanStage[] {
    const { constants } = this;
    const read = (name: string): View => constants.read(name);
    if (stage.kind === 'map') {
      for (const name of stage.stores) constants.place(reference(name, stage.shape));
      return [planMap(stage, read, (name) => [read(name)])];
    }
    const first = stage.definitions[0]!;
    if (isCopied(first.value)) return planCopies(first.value, read, constants.place(referenceTo(first)));
    const results = constants.stacked(buffersName(first.name), stage.definitions.map(referenceTo));
    return this.atOnce(stage, read, 'weights', results);
  }

  private placeTotals(stages: readonly Stage[]): void {
    const { schedule, memory, totals, target } = this;
    const gradients = schedule.gradients.size > 0 ? placeTensors(this.tensors, 'gradient', memory) : undefined;
    for (const [parameter, name] of schedule.gradients) append(totals, name, gradients!.get(parameter)!);
    const width = (size: Extent): Extent => up(size, target.lanes ?? 1);
    for (const value of stages.flatMap(storedBy)) {
      if (totals.has(value.name)) continue;
      const total = memory.value(buffersName(value.name), value, { space: 'scratch', rows: 'one', width });
      totals.set(value.name, [total]);
    }
  }

  /** A stage after all rows: a sum over them, or what follows from sums. */
  private total(stage: Stage, rows: RowsPlan): readonly PlanStage[] {
    const { constants, totals, target } = this;
    const read = (name: string): View => {
      if (totals.has(name)) return totals.get(name)![0]!;
      return constants.has(name) ? constants.kept(name) : rows.read(name);
    };
    if (stage.kind === 'map') return [planMap(stage, read, (name) => [read(name)])];
    const wanted = stage.definitions.map(({ name }) => read(name));
    const first = stage.definitions[0]!;
    if (isCopied(first.value)) return planCopies(first.value, read, wanted[0]!);
    if (first.value.kind === 'sum' || (target.packed === undefined && wanted.length === 1)) {
      return this.atOnce(stage, read, 'scratch', wanted);
    }
    const results = this.memory.values(`whole_${first.name}`, stage.definitions.map(referenceTo), {
      space: 'scratch',
      rows: 'one',
      width: target.packed,
    });
    const planned = this.atOnce(stage, read, 'scratch', results);
    return [...planned, ...wanted.map((to, index) => copyOf(results[index]!, to))];
  }

  /** A contraction that is computed once: what it needs is gathered at once. */
  private atOnce(
    stage: ContractStage,
    read: (name: string) => View,
    space: 'weights' | 'scratch',
    results: readonly View[],
  ): readonly PlanStage[] {
    const planned = planContraction(stage, this.constants, {
      read,
      results,
      stack: (product, vectors) => {
        if (vectors.length === 1) return { operand: read(vectors[0]!.name) };
        const views = this.memory.values(`into_${product}`, vectors, { space, rows: 'one' });
        const copies = vectors.map(({ name }, index) => copyOf(read(name), views[index]!));
        return { operand: wholeOf(views), copies };
      },
    });
    return [...planned.biases, ...planned.copies, planned.stage];
  }

  /** Equal gradients are computed once, and copied to every parameter that they belong to. */
  private sharedGradients(): readonly PlanStage[] {
    return [...new Set(this.schedule.gradients.values())].flatMap((name) => {
      const [from, ...others] = this.totals.get(name)!;
      return others.map((to) => copyOf(from!, to));
    });
  }
}

/** What of a stage others can read. */
const storedBy = (stage: Stage): readonly Reference[] =>
  stage.kind === 'map' ? stage.stores.map((name) => reference(name, stage.shape)) : stage.definitions.map(referenceTo);
