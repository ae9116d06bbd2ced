import type { Environment, InterpretedValue } from '@congruent/codegen';
import type { Dimensions } from '@congruent/runtime';

/** Values with a row for each of a step or a sequence, in order. */
export type Variables = readonly { readonly name: string; readonly shape: readonly string[] }[];

/** Rows one after the other: a typed array, or a plain one for other kinds of numbers. */
interface RowArray<V> {
  [index: number]: V;
  slice(from: number, to: number): ArrayLike<V>;
}

const widthOf = (shape: readonly string[], dimensions: Dimensions): number =>
  shape.reduce((width, dimension) => width * dimensions[dimension]!, 1);

/** One row of every array, by the variables' names. */
export function rowOf<V>(
  arrays: readonly RowArray<V>[],
  variables: Variables,
  dimensions: Dimensions,
  row: number,
): Environment<V> {
  const entries = variables.map(({ name, shape }, index): [string, InterpretedValue<V>] => {
    const width = widthOf(shape, dimensions);
    const elements = Array.from(arrays[index]!.slice(row * width, (row + 1) * width));
    return [name, shape.length === 0 ? elements[0]! : elements];
  });
  return Object.fromEntries(entries);
}

/** Overwrites one row of every array. */
export function putRow<V>(
  arrays: readonly RowArray<V>[],
  variables: Variables,
  dimensions: Dimensions,
  row: number,
  values: Environment<V>,
): void {
  for (const [index, { name, shape }] of variables.entries()) {
    const [array, from] = [arrays[index]!, row * widthOf(shape, dimensions)];
    for (const [element, value] of ([values[name]].flat() as V[]).entries()) array[from + element] = value;
  }
}
