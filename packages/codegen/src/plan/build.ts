import type { Program } from '../compile.ts';
import type { FunctionIr } from '../ir/definition.ts';
import { referenceTo } from '../ir/definition.ts';
import type { Reference } from '../ir/expression.ts';
import { append } from '../ir/lists.ts';
import type { DType } from '../passes/lower.ts';
import { renamed } from '../passes/rename.ts';
import { rounded } from '../passes/round.ts';
import { allNames, definitionsIn, dimensionsOf, type Schedule, type Stage, sectionsOf } from '../schedule/schedule.ts';
import { Apart } from './apart.ts';
import { Constants, placeTensors, type Tensors } from './constants.ts';
import { type ContractPlaces, copiesOf, planContraction } from './contract.ts';
import { type Extent, sizeOf, total, up } from './extent.ts';
import { planMap } from './map.ts';
import { buffersName, Memory, viewOf, viewsOf } from './memory.ts';
import type { CopyPlan, Plan, PlanStage, Target, View } from './plan.ts';
import { RowPlanner, type RowsPlan } from './rows.ts';
import { verifyPlan } from './verify.ts';

/** A program in the memory of one backend, forwards and backwards, for one element type. */
export interface Plans {
  readonly dtype: DType;
  /** By the cell's name of a dimension, the plans'. */
  readonly lengths: ReadonlyMap<string, string>;
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
  const { dimensions: lengths, ...schedules } = renamed(program, dimensionsOf(program.forward), taken);
  const { forward, backward, functions } = rounded({ ...schedules, functions: called }, dtype);
  const dimensions = [...lengths.values()];
  const reserved = new Set([...taken, ...dimensions]);
  const blocks = [...forward.parameters];
  const tensors: Tensors = (cell.layouts.at(0)?.tensors ?? []).map((tensor) => {
    return { name: tensor.name, blocks: blocks.splice(0, tensor.blocks.length) };
  });
  // Where stages write apart, both plans have the buffers of residuals in common.
  const names = target.apart ? [...reserved, ...allNames(forward), ...allNames(backward)] : [...reserved];
  const there = new Planner(forward, tensors, target, names, new Map());
  const planOf = (planner: Planner): Plan => verifyPlan({ ...planner.plan(), dimensions });
  const planned = planOf(there);
  const shared = target.apart ? planned.recorded.map(({ name }) => name) : [];
  const back = new Planner(backward, tensors, target, [...names, ...shared], there.residuals);
  return { dtype, lengths, forward: planned, backward: planOf(back), functions };
}

class Planner {
  private readonly schedule: Schedule;
  private readonly target: Target;
  private readonly memory: Memory;
  private readonly constants: Constants;
  private readonly tensors: Tensors;
  /** Copies that end the making of weights, as they need what is computed there. */
  private readonly biases: CopyPlan[] = [];
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
    this.memory = new Memory([...reserved, ...allNames(schedule)]);
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
      prepare: [...constants.packs, ...computed, ...this.biases],
      phases: rows.phases,
      finish: [...finished, ...this.sharedGradients()],
    };
  }

  private planRows(): RowsPlan {
    const { schedule, target, constants, memory, biases } = this;
    if (!target.apart) return new RowPlanner(schedule, target, constants, memory, biases);
    const apart = new Apart(schedule, constants, memory, this.residuals, biases);
    this.residuals = apart.residuals;
    return apart;
  }

  /** A stage of parameters alone. */
  private once(stage: Stage): readonly PlanStage[] {
    const { constants } = this;
    const read = (name: string): View => constants.read(name);
    if (stage.kind === 'map') {
      for (const name of stage.stores) constants.place({ kind: 'reference', name, shape: stage.shape });
      return [planMap(stage, read, (name) => [read(name)])];
    }
    const values = stage.definitions.map(referenceTo);
    const results = constants.stacked(buffersName(values[0]!.name), values);
    return planContraction(stage, constants, { ...this.atOnce(read, 'weights'), results });
  }

  private placeTotals(stages: readonly Stage[]): void {
    const { schedule, memory, totals, target } = this;
    const gradients = schedule.gradients.size > 0 ? placeTensors(this.tensors, 'gradient', memory) : undefined;
    for (const [parameter, name] of schedule.gradients) append(totals, name, gradients!.get(parameter)!);
    for (const stage of stages) {
      for (const { name, shape } of storedBy(stage)) {
        if (totals.has(name)) continue;
        const width = up(sizeOf(shape), target.lanes ?? 1);
        totals.set(name, [
          viewOf(memory.buffer(buffersName(name), { space: 'scratch', rows: 'one', width, holds: name }), shape),
        ]);
      }
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
    const isSum = stage.definitions.some(({ value }) => value.kind === 'sum');
    if (isSum || (target.packed === undefined && wanted.length === 1)) {
      return planContraction(stage, constants, { ...this.atOnce(read, 'scratch'), results: wanted });
    }
    const shapes = stage.definitions.map(({ value }) => value.shape);
    const width = (target.packed ?? ((of: Extent) => of))(total(shapes));
    const holds = stage.definitions.map(({ name }) => name).join(', ');
    const wish = `whole_${stage.definitions[0]!.name}`;
    const whole = this.memory.buffer(wish, { space: 'scratch', rows: 'one', width, holds });
    const results = viewsOf(whole, shapes);
    const planned = planContraction(stage, constants, { ...this.atOnce(read, 'scratch'), results });
    return [...planned, ...wanted.flatMap((to, index) => copiesOf(results[index]!, [to]))];
  }

  /** How a product is planned that is computed once: what it needs is gathered at once. */
  private atOnce(read: (name: string) => View, space: 'weights' | 'scratch'): Omit<ContractPlaces, 'results'> {
    return {
      read,
      biased: (copies) => copies,
      stack: (product, vectors) => {
        if (vectors.length === 1) return { operand: read(vectors[0]!.name), copies: [] };
        const shapes = vectors.map(({ shape }) => shape);
        const width = total(shapes);
        const holds = vectors.map(({ name }) => name).join(', ');
        const buffer = this.memory.buffer(`into_${product}`, { space, rows: 'one', width, holds });
        const views = viewsOf(buffer, shapes);
        const copies = vectors.map(({ name }, index): CopyPlan => {
          return { kind: 'copy', from: read(name), to: views[index]! };
        });
        return { operand: viewOf(buffer, shapes.flat()), copies };
      },
    };
  }

  /** Equal gradients are computed once, and copied to every parameter that they belong to. */
  private sharedGradients(): readonly PlanStage[] {
    return [...new Set(this.schedule.gradients.values())].flatMap((name) => {
      const [from, ...others] = this.totals.get(name)!;
      return copiesOf(from!, others);
    });
  }
}

/** What of a stage others can read. */
const storedBy = (stage: Stage): readonly Reference[] => {
  const all = definitionsIn([stage]).map(referenceTo);
  const stored = stage.kind === 'map' ? new Set(stage.stores) : undefined;
  return all.filter(({ name }) => stored?.has(name) ?? true);
};
