import { compile, signatureOf } from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { CELLS } from './cells.ts';
import type { Work } from './works.ts';

/** The shape of a parameter, of one layer in one direction. */
export interface ShapeOf {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether each layer and direction has one: the cell, or the called cell, that it belongs to has states. */
  readonly recurrent: boolean;
}

/** A layer's parameters under torch's names, in its order: gates stacked by rows. */
export function tensorsOf(work: Work, layer: number): readonly ShapeOf[] {
  const { parameters, states } = signatureOf(compile(CELLS[work.cell].cell));
  return Object.entries(parameters).map(([name, { blocks, shape, recurrent = states.length > 0 }]) => {
    const [rows, ...columns] = shapeIn(work, layer, shape);
    return { name, shape: [blocks.length * rows!, ...columns], recurrent };
  });
}

/** The dimensions of a layer by their names in the equations. */
export const sizesOf = (work: Work, layer: number): Readonly<Record<string, number>> => ({
  I: widthOf(work, layer),
  H: work.hiddenSize,
});

/** A shape of the equations in a layer. */
export function shapeIn(work: Work, layer: number, shape: Shape): readonly number[] {
  const sizes = sizesOf(work, layer);
  return shape.map((dimension) => (typeof dimension === 'number' ? dimension : sizes[dimension]!));
}

/** Features of a layer's input. */
const widthOf = ({ inputSize, hiddenSize, directions }: Work, layer: number): number =>
  layer === 0 ? inputSize : directions * hiddenSize;

/** Elements of a tensor. */
export const lengthOf = (shape: readonly number[]): number => shape.reduce((length, size) => length * size, 1);
