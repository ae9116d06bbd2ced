import type { Shape } from '@congruent/spec';
import { type Carry, type Definition, referenceTo } from '../ir/definition.ts';
import { type Contraction, isContraction, type MapExpression, operandsOf, type Reference } from '../ir/expression.ts';

/**
 * In what order, and how often, values are computed: forwards the equations of a cell, backwards their derivative. Both
 * are the same kind of schedule, verified, printed, interpreted, planned and emitted by the same code.
 */
export interface Schedule {
  readonly name: string;
  /** In which direction the loops over time run. */
  readonly direction: 'forwards' | 'backwards';
  /** Given once. */
  readonly parameters: readonly Reference[];
  /** Given for each row: forwards the cell's inputs; backwards the same, then the adjoints of its outputs. */
  readonly inputs: readonly Reference[];
  /** What the loops over time hand on. */
  readonly carries: readonly Carry[];
  readonly phases: readonly Phase[];
  /** Wanted for each row: forwards the cell's outputs; backwards the adjoints of its inputs. */
  readonly outputs: readonly Reference[];
  /** Values of rows of the forward pass that the backward pass reads: recorded by the one, given to the other. */
  readonly residuals: readonly Reference[];
  /** For each parameter, the name of its gradient; forwards there are none. */
  readonly gradients: ReadonlyMap<string, string>;
}

export type Phase =
  | {
      /** `once`: for a set of parameters. `reduce`: sums over the rows of all steps. */
      readonly kind: 'once' | 'reduce';
      readonly stages: readonly Stage[];
    }
  | {
      /** For the rows of all steps at once. */
      readonly kind: 'rows';
      readonly stages: readonly Stage[];
    }
  | {
      /** A loop over time: the states that depend on each other. */
      readonly kind: 'steps';
      readonly carries: readonly Carry[];
      readonly stages: readonly Stage[];
    };

export type Stage = MapStage | ContractStage;

/** Definitions that work element by element over one shape: one fused loop. */
export interface MapStage {
  readonly kind: 'map';
  readonly shape: Shape;
  readonly definitions: readonly Definition<MapExpression>[];
  /** Names, of this stage or given to its phase, that are read outside it; the others live only inside the loop. */
  readonly stores: readonly string[];
  /** Names, of this stage or read by it, that it records for the backward pass. */
  readonly records: readonly string[];
}

/** Sums of products that are computed as one: several only where they are products of one vector, or sums of one. */
export interface ContractStage {
  readonly kind: 'contract';
  readonly definitions: readonly Definition<Contraction>[];
}

/** The definitions of stages, in order: a schedule is IR again. */
export const definitionsIn = (stages: readonly Stage[]): readonly Definition[] =>
  stages.flatMap((stage): readonly Definition[] => stage.definitions);

/** The parts of a schedule, in order: before the rows, for them, over them, and after them. */
export interface Sections {
  readonly early: readonly Stage[];
  readonly rows: readonly RowPhase[];
  readonly sums: readonly ContractStage[];
  readonly finish: readonly Stage[];
}

export type RowPhase = Exclude<Phase, { kind: 'once' | 'reduce' }>;

export function sectionsOf({ phases }: Schedule): Sections {
  const isOfRows = (phase: Phase): phase is RowPhase => phase.kind === 'rows' || phase.kind === 'steps';
  const first = phases.findIndex((phase) => phase.kind !== 'once');
  const stages = (some: readonly Phase[]): readonly Stage[] => some.flatMap((phase) => phase.stages);
  return {
    early: stages(phases.slice(0, first)),
    rows: phases.filter(isOfRows),
    sums: stages(phases.filter(({ kind }) => kind === 'reduce')) as readonly ContractStage[],
    finish: stages(phases.slice(first).filter(({ kind }) => kind === 'once')),
  };
}

/** The functions that schedules call, in order of first use. */
export function calledIn(schedules: readonly Schedule[]): ReadonlySet<string> {
  const called = new Set<string>();
  const visit = (expression: MapExpression): void => {
    if (expression.kind === 'call') called.add(expression.function);
    for (const operand of operandsOf(expression)) visit(operand);
  };
  for (const { phases } of schedules) {
    for (const { value } of definitionsIn(phases.flatMap(({ stages }) => stages))) {
      if (!isContraction(value)) visit(value);
    }
  }
  return called;
}

/** Every name that a schedule has. */
export const allNames = ({ parameters, inputs, carries, outputs, residuals, phases }: Schedule): ReadonlySet<string> =>
  new Set(
    [
      ...[...parameters, ...inputs, ...carries.flatMap(({ given, next }) => [given, next]), ...outputs, ...residuals],
      ...definitionsIn(phases.flatMap(({ stages }) => stages)),
    ].map(({ name }) => name),
  );

/** Every dimension, the inputs' first. */
export const dimensionsOf = ({ inputs, carries, parameters, phases }: Schedule): readonly string[] => {
  const defined = definitionsIn(phases.flatMap(({ stages }) => stages)).map(referenceTo);
  const values = [...inputs, ...carries.map(({ given }) => given), ...parameters, ...defined];
  return [...new Set(values.flatMap(({ shape }) => shape))];
};
