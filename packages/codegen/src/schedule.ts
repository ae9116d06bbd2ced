import { type Region, regionsOf } from './dependence.ts';
import { type CellIr, type Reference, reference } from './ir.ts';
import {
  definitionsOf,
  type ElementwiseStage,
  isProduct,
  mayOverwrite,
  productStages,
  readBy,
  type Stage,
  stagesOf,
} from './stages.ts';

/** In what order, and how often, a cell's definitions are computed. */
export interface Schedule {
  readonly cell: CellIr;
  /** Once for a set of parameters. */
  readonly prepare: readonly Stage[];
  /** Once for all rows of all steps, before the loop over time. */
  readonly before: readonly Stage[];
  /** At every step, for the rows of that step. */
  readonly step: readonly Stage[];
  /** What the steps read row by row: results of `before`, and inputs that are used element by element. */
  readonly carried: readonly Reference[];
  /** For each state, whether its next value may overwrite it where it stands. */
  readonly inPlace: readonly boolean[];
  /** What the stages keep for the backward pass; a schedule for inference keeps nothing. */
  readonly kept: readonly Reference[];
}

/**
 * Derives the schedule from what depends on what; nothing here knows a particular cell.
 *
 * @param kept  values to be stored for each row, for the backward pass
 */
export function scheduleCell(cell: CellIr, kept: readonly Reference[] = []): Schedule {
  const regionOf = regionsOf(cell, cell.definitions);
  const inRegion = (...regions: Region[]) =>
    cell.definitions.filter(({ name, value }) => regions.includes(regionOf(reference(name, value.shape))));
  const outputs = cell.states.map(({ name }) => `${name}'`);
  const [early, input, state] = [inRegion('constant', 'parameter'), inRegion('input'), inRegion('state')];
  const prepare = stagesOf(early, readBy([...input, ...state]), productStages);
  const hoisted = stagesOf(input, readBy(state), productStages);
  const inLoop = stagesOf(state, new Set(outputs), productStages);
  const [before, step] = withKeeps(hoisted, inLoop, kept);
  const readInStep = new Set([
    ...readBy(state.filter(({ value }) => !isProduct(value))),
    ...step.flatMap((stage) => (stage.kind === 'elementwise' ? stage.keeps : [])),
  ]);
  const carried = [...cell.inputs, ...input.map(({ name, value }) => reference(name, value.shape))].filter(({ name }) =>
    readInStep.has(name),
  );
  const inPlace = cell.states.map(({ name }) => mayOverwrite(name, `${name}'`, step));
  return { cell, prepare, before, step, carried, inPlace, kept };
}

/** The stages before and in the loop, with each kept value in the first element-wise stage that has it at hand. */
function withKeeps(
  before: readonly Stage[],
  step: readonly Stage[],
  kept: readonly Reference[],
): [before: readonly Stage[], step: readonly Stage[]] {
  const computedBefore = new Set(definitionsOf(before).map(({ name }) => name));
  const [early, late] = [
    kept.filter(({ name }) => computedBefore.has(name)),
    kept.filter(({ name }) => !computedBefore.has(name)),
  ];
  return [early.reduce(withKeep, before), late.reduce(withKeep, step)];
}

function withKeep(stages: readonly Stage[], value: Reference): readonly Stage[] {
  const { name, shape } = value;
  const defines = (stage: Stage, defined: string): boolean =>
    definitionsOf([stage]).some((definition) => definition.name === defined);
  // A state is there from the start, and until its next value takes its place.
  const first = Math.max(
    0,
    stages.findIndex((stage) => defines(stage, name)),
  );
  const last = stages.findIndex((stage) => defines(stage, `${name}'`));
  const at = stages.findIndex(
    (stage, index) => index >= first && stage.kind === 'elementwise' && `${stage.shape}` === `${shape}`,
  );
  if (at < 0 || (last >= 0 && at > last)) {
    const place = stages[first] && defines(stages[first], name) ? first + 1 : first;
    return stages.toSpliced(place, 0, { kind: 'elementwise', shape, definitions: [], stores: [], keeps: [name] });
  }
  const stage = stages[at] as ElementwiseStage;
  return stages.with(at, { ...stage, keeps: [...stage.keeps, name] });
}
