import type { Shape } from '@congruent/spec';
import { add, type Definition, type Expression, namesIn, type Reference } from './ir.ts';

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

/** `name = [u; v] @ [U; V]`: one product with the matrices one below the other, transposed. */
export interface TransposedStage {
  readonly kind: 'transposed';
  readonly name: string;
  readonly vectors: readonly Reference[];
  readonly matrices: readonly Reference[];
}

/** Definitions that work element by element over one shape: one fused loop. */
export interface ElementwiseStage {
  readonly kind: 'elementwise';
  readonly shape: Shape;
  readonly definitions: readonly Definition[];
  /** The names that are read outside this stage; the others live only inside the loop. */
  readonly stores: readonly string[];
  /** Names, of this stage or read by it, whose values are stored for each row, for the backward pass. */
  readonly keeps: readonly string[];
}

export type Stage = ProductStage | ElementwiseStage;

/** The definitions of stages, in order: a schedule is IR again. */
export function definitionsOf(stages: readonly (Stage | TransposedStage)[]): readonly Definition[] {
  return stages.flatMap((stage) => {
    if (stage.kind === 'elementwise') return stage.definitions;
    if (stage.kind === 'transposed') {
      const { name, vectors, matrices } = stage;
      return [{ name, value: { kind: 'vecmat', vectors, matrices, shape: matrices[0]!.shape.slice(1) } }];
    }
    return stage.blocks.map(({ name, matrix, bias }): Definition => {
      const product: Expression = { kind: 'matvec', matrix, vector: stage.operand, shape: matrix.shape.slice(0, 1) };
      return { name, value: bias ? add(product, bias) : product };
    });
  });
}

/** A product whose vector is a name, with the name that is added to it. */
export interface FlatProduct {
  readonly matrix: Reference;
  readonly vector: Reference;
  readonly bias: Reference | undefined;
}

/** A definition's product, where it is one; the extraction pass leaves no others. */
export function productOf(value: Expression): FlatProduct | undefined {
  if (value.kind === 'matvec' && value.vector.kind === 'reference') {
    return { matrix: value.matrix, vector: value.vector, bias: undefined };
  }
  if (value.kind !== 'binary' || value.operator !== '+' || value.right.kind !== 'reference') return undefined;
  const product = productOf(value.left);
  return product && { ...product, bias: value.right };
}

export const isProduct = (value: Expression): boolean => value.kind === 'vecmat' || productOf(value) !== undefined;

export const readBy = (definitions: readonly Definition[]): ReadonlySet<string> =>
  new Set(definitions.flatMap(({ value }) => namesIn(value)));

/**
 * Layers definitions: a product stands one level above what its vector needs, everything else at the level of its
 * latest operand, moved up to that of its earliest reader so that little is kept from one stage to the next.
 */
export function stagesOf<P extends ProductStage | TransposedStage>(
  definitions: readonly Definition[],
  readLater: ReadonlySet<string>,
  products: (definitions: readonly Definition[]) => readonly P[],
): readonly (P | ElementwiseStage)[] {
  const levels = levelsOf(definitions);
  const last = Math.max(0, ...levels.values());
  const stages: (P | ElementwiseStage)[] = [];
  for (let level = 0; level <= last; level++) {
    const here = definitions.filter(({ name }) => levels.get(name) === level);
    stages.push(...products(here));
    stages.push(...elementwiseStages(here.filter(({ value }) => !isProduct(value))));
  }
  return stages.map((stage, index) => {
    if (stage.kind !== 'elementwise') return stage;
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
    levels.set(name, isProduct(value) ? needed + 1 : needed);
  }
  const last = Math.max(0, ...levels.values());
  for (const { name, value } of [...definitions].reverse()) {
    if (isProduct(value)) continue;
    const readers = definitions.filter((reader) => namesIn(reader.value).includes(name));
    levels.set(
      name,
      Math.min(last, ...readers.map((reader) => levels.get(reader.name)! - (isProduct(reader.value) ? 1 : 0))),
    );
  }
  return levels;
}

/** Products of the same vector, with or without an addend, become one. */
export function productStages(definitions: readonly Definition[]): readonly ProductStage[] {
  const groups = new Map<string, ProductStage>();
  for (const { name, value } of definitions) {
    const product = productOf(value);
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
    keeps: [],
  }));
}

/**
 * A state may be overwritten by its next value where an element-wise stage computes that and no later stage reads the
 * old one. A product gives a part of a stacked result, and every element of it reads the whole operand.
 */
export function mayOverwrite(state: string, next: string, step: readonly (Stage | TransposedStage)[]): boolean {
  const assigned = step.findIndex((stage) => definitionsOf([stage]).some(({ name }) => name === next));
  return step[assigned]?.kind === 'elementwise' && !readBy(definitionsOf(step.slice(assigned + 1))).has(state);
}
