import type { Arithmetic } from '@congruent/codegen';

/** A value of each row of a batch. */
export class Lanes<V> {
  readonly values: readonly V[];

  constructor(values: readonly V[]) {
    this.values = values;
  }
}

/** A value of each row, or one that all rows have, as parameters are. */
export type Batched<V> = V | Lanes<V>;

/** The value of one row. */
export const laneOf = <V>(value: Batched<V>, lane: number): V => (value instanceof Lanes ? value.values[lane]! : value);

/** An arithmetic for all rows of a batch at once: what walking the IR costs is shared by them. Row by row the same bits. */
export function batched<V>(arithmetic: Arithmetic<V>): Arithmetic<Batched<V>> {
  const lanesOf = remembered(split<V>);
  return {
    dtype: arithmetic.dtype,
    constant: arithmetic.constant,
    unary: (operator, operand) => apply([operand], ([value]) => arithmetic.unary(operator, value!)),
    binary: (operator, left, right) => apply([left, right], ([a, b]) => arithmetic.binary(operator, a!, b!)),
    select: (comparison, ...operands) =>
      apply(operands, ([a, b, c, d]) => arithmetic.select(comparison, a!, b!, c!, d!)),
    dot(row, vector) {
      const [left, right] = [lanesOf(row), lanesOf(vector)];
      const lanes = left ?? right;
      if (lanes === undefined) return arithmetic.dot(row as readonly V[], vector as readonly V[]);
      const one = (_: unknown, lane: number): V =>
        arithmetic.dot(left?.[lane] ?? (row as readonly V[]), right?.[lane] ?? (vector as readonly V[]));
      return new Lanes(lanes.map(one));
    },
    call: (called, operand, operations) =>
      apply([operand], ([value]) => arithmetic.call(called, value!, (at) => operations(at) as V)),
  };
}

/** A vector of each row; undefined where all rows have the same. */
function split<V>(vector: readonly Batched<V>[]): readonly (readonly V[])[] | undefined {
  const lanes = vector.find((value) => value instanceof Lanes);
  return lanes?.values.map((_, lane) => vector.map((value) => laneOf(value, lane)));
}

/** Finds it once for each array: a product takes the same vector for each row of its matrix. */
function remembered<K extends object, T>(find: (key: K) => T): (key: K) => T {
  const found = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    let entry = found.get(key);
    if (entry === undefined) {
      entry = { value: find(key) };
      found.set(key, entry);
    }
    return entry.value;
  };
}

function apply<V>(operands: readonly Batched<V>[], operation: (values: readonly V[]) => V): Batched<V> {
  const lanes = operands.find((operand) => operand instanceof Lanes);
  if (lanes === undefined) return operation(operands as readonly V[]);
  return new Lanes(lanes.values.map((_, lane) => operation(operands.map((operand) => laneOf(operand, lane)))));
}
