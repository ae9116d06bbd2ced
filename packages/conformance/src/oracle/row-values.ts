import type { Environment, InterpretedValue } from '@congruent/codegen';
import { type CellSignature, type Dimensions, widthOf } from '@congruent/runtime';

/** Values with a row for each of a step or a sequence, in order. */
export type Variables = readonly { readonly name: string; readonly shape: CellSignature['inputs'][number]['shape'] }[];

/** Rows one after the other: a typed array, or a plain one for other kinds of numbers. */
interface RowArray<V> {
  [index: number]: V;
  slice(from: number, to: number): ArrayLike<V>;
}

/** One row of every array, by the variables' names. */
export function rowOf<V>(
  arrays: readonly RowArray<V>[],
  variables: Variables,
  dimensions: Dimensions,
  row: number,
): Environment<V> {
  const entries = variables.map((variable, index): [string, InterpretedValue<V>] => {
    const { name, shape } = variable;
    const width = widthOf(variable, dimensions);
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
  for (const [index, variable] of variables.entries()) {
    const [array, from] = [arrays[index]!, row * widthOf(variable, dimensions)];
    for (const [element, value] of ([values[variable.name]].flat() as V[]).entries()) array[from + element] = value;
  }
}
