import { identifier, type ProductStage, type Schedule, type Stage, type TransposedStage } from '@congruent/codegen';
import type { Shape } from '@congruent/spec';

/** Places by the names of their values. */
export type Places = ReadonlyMap<string, Place>;

/** Where a value lies: element j of it in some row is `plane[row][offset + j]`. */
export interface Place {
  readonly plane: string;
  /** `one`: a single row. `step`: a row for each of the step's. `sequence`: a row for each of all steps'. */
  readonly rows: 'one' | 'step' | 'sequence';
  /** Dimensions whose sum is the first element's column. */
  readonly offset: readonly string[];
  readonly shape: Shape;
}

/** The plane that holds all elements of a value; the value's own name stands for one of them. */
export const planeOf = (name: string): string => `${identifier(name)}s`;

/** `['H', 'H', 'H']` as `3 * H`. */
export function extent(dimensions: readonly string[], none = '1'): string {
  const summands = [...new Set(dimensions)].map((name) => {
    const count = dimensions.filter((dimension) => dimension === name).length;
    return count > 1 ? `${count} * ${name}` : name;
  });
  return summands.join(' + ') || none;
}

/** The rows of a stacked product: one list of dimensions for all its blocks. */
export const rowsOf = (stage: ProductStage): readonly string[] => stage.blocks.map(({ matrix }) => matrix.shape[0]!);

/** The name of a product's stacked planes, from the vector it multiplies. */
export const stackOf = (stage: ProductStage, stages: readonly (Stage | TransposedStage)[]): string => {
  const operand = identifier(stage.operand.name);
  const same = stages.filter((other) => other.kind === 'product' && other.operand.name === stage.operand.name);
  const index = same.indexOf(stage);
  return index > 0 ? `${operand}${index + 1}` : operand;
};

/** Where the steps find what they don't compute themselves. */
export function placesOf({ cell, prepare, before }: Schedule): Map<string, Place> {
  const places = new Map<string, Place>();
  const put = (
    name: string,
    plane: string,
    rows: Place['rows'],
    shape: Shape,
    offset: readonly string[] = [],
  ): void => {
    places.set(name, { plane, rows, offset, shape });
  };
  for (const { name, shape } of cell.parameters) put(name, planeOf(name), 'one', shape);
  for (const stage of prepare) {
    if (stage.kind === 'product') throw new TypeError('a product of parameters alone is not supported by this emitter');
    for (const name of stage.stores) put(name, planeOf(name), 'one', stage.shape);
  }
  for (const { name, shape } of cell.inputs) put(name, planeOf(name), 'sequence', shape);
  for (const { name, shape } of cell.states) put(name, planeOf(name), 'step', shape);
  for (const stage of before) {
    if (stage.kind === 'elementwise') {
      for (const name of stage.stores) put(name, planeOf(name), 'sequence', stage.shape);
      continue;
    }
    for (const [name, place] of productPlaces(stage, before)) places.set(name, place);
  }
  return places;
}

/** Where a product for the rows of all steps puts its blocks. */
export const productPlaces = (stage: ProductStage, stages: readonly Stage[]): [string, Place][] =>
  stage.blocks.map(({ name, matrix }, index) => {
    const offset = rowsOf(stage).slice(0, index);
    return [name, { plane: `W${stackOf(stage, stages)}`, rows: 'sequence', offset, shape: matrix.shape.slice(0, 1) }];
  });

/** Vectors that lie side by side in one plane, and the dimensions above the first of them in a stack. */
export interface VectorRun {
  readonly place: Place;
  readonly start: readonly string[];
}

/** Vectors one below the other, as few runs as possible. */
export function runsOf(vectors: readonly Place[]): readonly VectorRun[] {
  const runs: VectorRun[] = [];
  let [start, end]: [readonly string[], string] = [[], ''];
  for (const place of vectors) {
    if (runs.length === 0 || `${place.plane} ${extent(place.offset)}` !== end) runs.push({ place, start });
    start = [...start, ...place.shape];
    end = `${place.plane} ${extent([...place.offset, ...place.shape])}`;
  }
  return runs;
}

/** An index plus some dimensions minus others. */
export function shifted(index: string, plus: readonly string[], minus: readonly string[]): string {
  const [added, taken] = [[...plus], [...minus]];
  for (const dimension of minus) {
    if (!added.includes(dimension)) continue;
    added.splice(added.indexOf(dimension), 1);
    taken.splice(taken.indexOf(dimension), 1);
  }
  const terms = (dimensions: readonly string[], sign: string): string =>
    dimensions.length > 0 ? ` ${sign} ${extent(dimensions).replaceAll(' + ', ` ${sign} `)}` : '';
  return `${index}${terms(added, '+')}${terms(taken, '-')}`;
}
