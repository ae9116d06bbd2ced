import { type Shape, termsOf } from '@congruent/spec';
import { type Carry, type Definition, referenceTo } from '../ir/definition.ts';
import { type Contraction, type MapExpression, operandsOf, type Reference, type Value } from '../ir/expression.ts';

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

/** The stages of phases, in order. */
export const stagesIn = (phases: readonly Phase[]): readonly Stage[] => phases.flatMap(({ stages }) => stages);

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
  return {
    early: stagesIn(phases.slice(0, first)),
    rows: phases.filter(isOfRows),
    sums: stagesIn(phases.filter(({ kind }) => kind === 'reduce')) as readonly ContractStage[],
    finish: stagesIn(phases.slice(first).filter(({ kind }) => kind === 'once')),
  };
}

/** The functions that schedules call, in order of first use. */
export function calledIn(schedules: readonly Schedule[]): ReadonlySet<string> {
  const called = new Set<string>();
  const visit = (value: Value): void => {
    if (value.kind === 'call') called.add(value.function);
    for (const operand of operandsOf(value)) visit(operand);
  };
  for (const { value } of definitionsIn(stagesIn(schedules.flatMap(({ phases }) => phases)))) visit(value);
  return called;
}

/** Every value of a schedule: what it is given, the inputs first, then what it computes; some repeatedly. */
export const valuesOf = ({ inputs, carries, parameters, phases, residuals }: Schedule): readonly Reference[] => [
  ...inputs,
  ...carries.map(({ given }) => given),
  ...parameters,
  ...definitionsIn(stagesIn(phases)).map(referenceTo),
  ...residuals,
];

/** The name of every dimension that has one, the inputs' first. */
export function dimensionsOf(schedule: Schedule): readonly string[] {
  const terms = valuesOf(schedule).flatMap(({ shape }) => shape.flatMap(termsOf));
  return [...new Set(terms)].filter((term) => typeof term === 'string');
}
