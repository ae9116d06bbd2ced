import type { Shape } from '@congruent/spec';
import { type Region, regionsOf } from './dependence.ts';
import { add, type CellIr, type Definition, type Expression, namesIn, type Reference, reference } from './ir.ts';

/** Several matrices times one vector: one product with the matrices stacked by rows. */
export interface ProductStage {
  readonly kind: 'product';
  readonly operand: Reference;
  readonly blocks: readonly ProductBlock[];
  /** Whether every block adds a parameter to its rows; otherwise none does. */
  readonly biased: boolean;
}

/** `name = matrix @ operand`, or `… + bias`. */
export interface ProductBlock {
  readonly name: string;
  readonly matrix: Reference;
  readonly bias: Reference | undefined;
}

/** Definitions that work element by element over one shape: one fused loop. */
export interface ElementwiseStage {
  readonly kind: 'elementwise';
  readonly shape: Shape;
  readonly definitions: readonly Definition[];
  /** The names that are read outside this stage; the others live only inside the loop. */
  readonly stores: readonly string[];
}

export type Stage = ProductStage | ElementwiseStage;

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
}

/** Derives the schedule from what depends on what; nothing here knows a particular cell. */
export function scheduleCell(cell: CellIr): Schedule {
  const regionOf = regionsOf(cell, cell.definitions);
  const inRegion = (...regions: Region[]) =>
    cell.definitions.filter(({ name, value }) => regions.includes(regionOf(reference(name, value.shape))));
  const outputs = cell.states.map(({ name }) => `${name}'`);
  const [early, input, state] = [inRegion('constant', 'parameter'), inRegion('input'), inRegion('state')];
  const prepare = stagesOf(early, readBy([...input, ...state]));
  const before = stagesOf(input, readBy(state));
  const step = stagesOf(state, new Set(outputs));
  const readInStep = readBy(state.filter(({ value }) => !isFlatProduct(value)));
  const carried = [...cell.inputs, ...input.map(({ name, value }) => reference(name, value.shape))].filter(({ name }) =>
    readInStep.has(name),
  );
  return { cell, prepare, before, step, carried, inPlace: cell.states.map(({ name }) => mayOverwrite(name, step)) };
}

/** The definitions of stages, in order: a schedule is IR again. */
export function definitionsOf(stages: readonly Stage[]): readonly Definition[] {
  return stages.flatMap((stage) => {
    if (stage.kind === 'elementwise') return stage.definitions;
    return stage.blocks.map(({ name, matrix, bias }): Definition => {
      const product: Expression = { kind: 'matvec', matrix, vector: stage.operand, shape: matrix.shape.slice(0, 1) };
      return { name, value: bias ? add(product, bias) : product };
    });
  });
}

type FlatProduct = { readonly matrix: Reference; readonly vector: Reference; readonly bias: Reference | undefined };

/** A definition's product, where it is one; the extraction pass leaves no others. */
function flatProduct(value: Expression): FlatProduct | undefined {
  if (value.kind === 'matvec' && value.vector.kind === 'reference') {
    return { matrix: value.matrix, vector: value.vector, bias: undefined };
  }
  if (value.kind !== 'binary' || value.operator !== '+' || value.right.kind !== 'reference') return undefined;
  const product = flatProduct(value.left);
  return product && { ...product, bias: value.right };
}

const isFlatProduct = (value: Expression): boolean => flatProduct(value) !== undefined;

const readBy = (definitions: readonly Definition[]): ReadonlySet<string> =>
  new Set(definitions.flatMap(({ value }) => namesIn(value)));

/**
 * Layers definitions: a product stands one level above what its vector needs, everything else at the level of its
 * latest operand, moved up to that of its earliest reader so that little is kept from one stage to the next.
 */
function stagesOf(definitions: readonly Definition[], readLater: ReadonlySet<string>): readonly Stage[] {
  const levels = levelsOf(definitions);
  const last = Math.max(0, ...levels.values());
  const stages: Stage[] = [];
  for (let level = 0; level <= last; level++) {
    const here = definitions.filter(({ name }) => levels.get(name) === level);
    stages.push(...productStages(here));
    stages.push(...elementwiseStages(here.filter(({ value }) => !isFlatProduct(value))));
  }
  return stages.map((stage, index) => {
    if (stage.kind === 'product') return stage;
    const readOutside = readBy(definitionsOf(stages.filter((_, other) => other !== index)));
    const stores = stage.definitions
      .map(({ name }) => name)
      .filter((name) => readOutside.has(name) || readLater.has(name));
    return { ...stage, stores };
  });
}

function levelsOf(definitions: readonly Definition[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const { name, value } of definitions) {
    const needed = Math.max(0, ...namesIn(value).map((operand) => levels.get(operand) ?? 0));
    levels.set(name, isFlatProduct(value) ? needed + 1 : needed);
  }
  const last = Math.max(0, ...levels.values());
  for (const { name, value } of [...definitions].reverse()) {
    if (isFlatProduct(value)) continue;
    const readers = definitions.filter((reader) => namesIn(reader.value).includes(name));
    levels.set(
      name,
      Math.min(last, ...readers.map((reader) => levels.get(reader.name)! - (isFlatProduct(reader.value) ? 1 : 0))),
    );
  }
  return levels;
}

/** Products of the same vector, with or without an addend, become one. */
function productStages(definitions: readonly Definition[]): readonly ProductStage[] {
  const groups = new Map<string, ProductStage>();
  for (const { name, value } of definitions) {
    const product = flatProduct(value);
    if (!product) continue;
    const biased = product.bias !== undefined;
    const key = `${product.vector.name} ${biased}`;
    const blocks = [...(groups.get(key)?.blocks ?? []), { name, matrix: product.matrix, bias: product.bias }];
    groups.set(key, { kind: 'product', operand: product.vector, blocks, biased });
  }
  return [...groups.values()];
}

function elementwiseStages(definitions: readonly Definition[]): readonly ElementwiseStage[] {
  const groups = new Map<string, Definition[]>();
  for (const definition of definitions) {
    const key = definition.value.shape.join();
    groups.set(key, [...(groups.get(key) ?? []), definition]);
  }
  // Numbers before the vectors that read them; vectors of different lengths never read each other.
  const ordered = [...groups.values()].sort((a, b) => a[0]!.value.shape.length - b[0]!.value.shape.length);
  return ordered.map((group) => ({
    kind: 'elementwise',
    shape: group[0]!.value.shape,
    definitions: group,
    stores: [],
  }));
}

/**
 * A state may be overwritten by its next value where an element-wise stage computes that and no later stage reads the
 * old one. A product gives a part of a stacked result, and every element of it reads the whole operand.
 */
function mayOverwrite(state: string, step: readonly Stage[]): boolean {
  const assigned = step.findIndex((stage) => definitionsOf([stage]).some(({ name }) => name === `${state}'`));
  return step[assigned]?.kind === 'elementwise' && !readBy(definitionsOf(step.slice(assigned + 1))).has(state);
}
