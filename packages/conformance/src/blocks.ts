import type { Environment } from '@congruent/codegen';
import type { Cell } from '@congruent/spec';

type Numbers = ArrayLike<number>;

/** Lengths by dimension name, e.g. `{ I: 3, H: 5 }`. */
export type Lengths = Readonly<Record<string, number>>;

/** A parameter as the interpreter takes it: a vector, or a matrix as rows. */
export type Block<V> = V[] | V[][];

/**
 * Takes stacked tensors apart: `weight_ih` into `W_ir`, `W_iz`, `W_in`, as the cell's layout says.
 *
 * @param tensors  by layout name; one that is missing is zeros, as biases are that a layer does not have
 * @param number   turns an element into the interpreter's kind of number
 */
export function blocksOf<V>(
  cell: Cell,
  tensors: Readonly<Record<string, Numbers | undefined>>,
  lengths: Lengths,
  number: (value: number) => V,
): Record<string, Block<V>> {
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape.map((length) => lengths[length]!)]));
  const entries = cell.layouts[0]!.tensors.flatMap(({ name: tensor, blocks }) =>
    blocks.map(({ name }, ordinal): [string, Block<V>] => {
      const [rows, columns] = shapes.get(name) as [number, number | undefined];
      const width = columns ?? 1;
      const at = (row: number, column: number): V =>
        number(tensors[tensor]?.[(ordinal * rows + row) * width + column] ?? 0);
      return [
        name,
        columns === undefined
          ? Array.from({ length: rows }, (_, row) => at(row, 0))
          : Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => at(row, column))),
      ];
    }),
  );
  return Object.fromEntries(entries);
}

/** The inverse of `blocksOf`: blocks stacked as the cell's layout says, each tensor's elements row by row. */
export function stackedOf<V>(cell: Cell, blocks: Environment<V>): Record<string, V[]> {
  const entries = cell.layouts[0]!.tensors.map(({ name, blocks: stacked }): [string, V[]] => [
    name,
    stacked.flatMap((block) => (blocks[block.name] as readonly (readonly V[])[]).flat() as V[]),
  ]);
  return Object.fromEntries(entries);
}
