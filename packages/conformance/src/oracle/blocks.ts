import type { Environment } from '@congruent/codegen';
import { lengthOf } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import type { Lengths } from '../kinds/sizes.ts';

type Numbers = ArrayLike<number>;

/** A parameter as the interpreter takes it: a number, a vector, or a matrix as rows. */
export type Block<V> = V | V[] | V[][];

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
  const shapes = new Map(
    cell.parameters.map(({ name, shape }) => [name, shape.map((length) => lengthOf(length, lengths))]),
  );
  const entries = cell.tensors.flatMap(({ name: tensor, blocks }) =>
    blocks.map(({ name }, ordinal): [string, Block<V>] => {
      const [rows, columns] = shapes.get(name) as [number | undefined, number | undefined];
      const values = tensors[tensor];
      const numbers = (from: number, length: number): V[] => {
        const result: V[] = [];
        for (let i = from; i < from + length; i++) result.push(number(values?.[i] ?? 0));
        return result;
      };
      if (rows === undefined) return [name, number(values?.[ordinal] ?? 0)];
      if (columns === undefined) return [name, numbers(ordinal * rows, rows)];
      return [name, Array.from({ length: rows }, (_, row) => numbers((ordinal * rows + row) * columns, columns))];
    }),
  );
  return Object.fromEntries(entries);
}

/** The inverse of `blocksOf`: blocks stacked as the cell's layout says, each tensor's elements row by row. */
export function stackedOf<V>(cell: Cell, blocks: Environment<V>): Record<string, V[]> {
  const entries = cell.tensors.map(({ name, blocks: stacked }): [string, V[]] => {
    const values: V[] = [];
    for (const block of stacked) {
      // As loops: `flat` takes a quarter of the time of large gradients.
      for (const row of [blocks[block.name]].flat() as readonly (V | readonly V[])[]) {
        if (Array.isArray(row)) for (const value of row as readonly V[]) values.push(value);
        else values.push(row as V);
      }
    }
    return [name, values];
  });
  return Object.fromEntries(entries);
}
