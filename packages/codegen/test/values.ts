import { type Cell, type Length, type Shape, termsOf } from '@congruent/spec';
import type { Environment, InterpretedValue as Value } from '../src/index.ts';

/** Lengths of the dimensions by name. */
export type Lengths = Readonly<Record<string, number>>;

/** How long a dimension is that may be a number. */
export const lengthOf = (length: Length, lengths: Lengths): number =>
  termsOf(length).reduce<number>((sum, of) => sum + (typeof of === 'string' ? lengths[of]! : of), 0);

/** A value of a shape whose elements come from `element`. */
export function fill<V>(shape: Shape, lengths: Lengths, element: () => V): Value<V> {
  const [length, ...rest] = shape;
  if (length === undefined) return element();
  return Array.from({ length: lengthOf(length, lengths) }, () => fill(rest, lengths, element)) as readonly V[];
}

/** Values for a cell's parameters, and for its inputs and states. */
export function valuesFor<V>(
  cell: Cell,
  lengths: Lengths,
  element: () => V,
): { readonly parameters: Environment<V>; readonly operands: Environment<V> } {
  const values = (variables: Cell['inputs']): Environment<V> =>
    Object.fromEntries(variables.map(({ name, shape }) => [name, fill(shape, lengths, element)]));
  return { parameters: values(cell.parameters), operands: values([...cell.inputs, ...cell.states]) };
}

/** Every element converted. */
export function mapValues<V, W>(environment: Environment<V>, change: (element: V) => W): Environment<W> {
  const map = (value: Value<V>): Value<W> =>
    Array.isArray(value) ? (value.map((inner: V) => map(inner)) as readonly W[]) : change(value as V);
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, map(value)]));
}

/** Numbers between -1 and 1 that look random and are the same in every run (a linear congruential generator). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** The distance from one float32 to the next at this magnitude. */
export function ulp32(value: number): number {
  const magnitude = Math.max(Math.abs(value), 2 ** -126);
  return 2 ** (Math.floor(Math.log2(magnitude)) - 23);
}
