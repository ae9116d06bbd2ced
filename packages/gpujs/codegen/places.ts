import type { Program, Stage } from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { identifier } from './expression.ts';

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
export const rowsOf = (stage: Stage & { kind: 'product' }): readonly string[] =>
  stage.blocks.map(({ matrix }) => matrix.shape[0]!);

/** The name of a product's stacked planes, from the vector it multiplies. */
export const stackOf = (stage: Stage & { kind: 'product' }, stages: readonly Stage[]): string => {
  const operand = identifier(stage.operand.name);
  const same = stages.filter((other) => other.kind === 'product' && other.operand.name === stage.operand.name);
  const index = same.indexOf(stage);
  return index > 0 ? `${operand}${index + 1}` : operand;
};

/** Where the steps find what they don't compute themselves. */
export function placesOf({ schedule }: Program): Map<string, Place> {
  const { cell, prepare, before } = schedule;
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
    stage.blocks.forEach(({ name, matrix }, index) => {
      const offset = rowsOf(stage).slice(0, index);
      put(name, `W${stackOf(stage, before)}`, 'sequence', matrix.shape.slice(0, 1), offset);
    });
  }
  return places;
}
