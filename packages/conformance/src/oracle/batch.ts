import type { Arithmetic, Environment } from '@congruent/codegen';
import type { Tensor } from '@congruent/runtime';
import { type Kind, statesOf } from '../kinds/kind.ts';
import type { Operands } from '../vectors/vectors.ts';
import { type Batched, batched, Lanes, laneOf } from './batched-arithmetic.ts';
import { stackedOf } from './blocks.ts';
import { stepBlocks, stepCell, tensorNames } from './step.ts';

/** Results and gradients of one layer, flat, by name: `output`, `hn`; `input`, `h0` and the parameters. */
export interface BatchResult<V> {
  readonly results: Readonly<Record<string, ArrayLike<V>>>;
  readonly gradients: Readonly<Record<string, ArrayLike<V>>>;
}

type Vector<V> = readonly Batched<V>[];

/**
 * What one layer in one direction gives, forwards and backwards, from the specification alone: the interpreter, with all
 * rows of a step at once.
 *
 * @param operands    padded; the first `batchSizes[t]` rows of step t count
 * @param batchSizes  rows of each step, as of a packed sequence, in whose order output and gradients are
 */
export function batchOracle<V>(
  kind: Kind,
  arithmetic: Arithmetic<V>,
  { stateDict, input, initial, cotangents }: Operands,
  batchSizes: readonly number[],
): BatchResult<V> {
  const { constant } = arithmetic;
  const [first, last] = [statesOf(kind, '0'), statesOf(kind, 'n')];
  const blocks = stepBlocks(kind, stateDict, '_l0', lengthsIn(kind, input, initial!), constant);
  const cell = stepCell<Batched<V>>(kind, batched(arithmetic), blocks);
  const batch = batchSizes[0]!;
  const whole = (tensors: readonly Tensor[]): Vector<V>[] => tensors.map((state) => lanes(state, 0, batch, constant));
  let states = whole(initial!);
  const output: V[] = [];
  const residuals = batchSizes.map((rows, t) => {
    const step = cell.forward(lanes(input, t, rows, constant), upper(states, rows));
    output.push(...flat(step.output, rows));
    states = joined(step.states, states, rows, batch);
    return step.residuals;
  });
  let adjoints = whole(last.map((name) => cotangents[name]!));
  const [inputs, rows]: [V[][], Environment<V>[][]] = [[], []];
  for (const [t, size] of [...batchSizes.entries()].reverse()) {
    const outputs = lanes(cotangents['output']!, t, size, constant);
    const step = cell.backward(residuals[t]!, outputs, upper(adjoints, size));
    inputs[t] = flat(step.input, size);
    rows[t] = Array.from({ length: size }, (_, lane) => environmentOf(step.row, lane));
    adjoints = joined(step.states, adjoints, size, batch);
  }
  const parameters = stackedOf(kind.cell, stepCell(kind, arithmetic, blocks).gradients(rows.flat()));
  const named = tensorNames(kind).map((name) => [`${name}_l0`, parameters[name]!] as const);
  const flatStates = (names: readonly string[], vectors: readonly Vector<V>[]) =>
    Object.fromEntries(names.map((name, index) => [name, flat(vectors[index]!, batch)]));
  return {
    results: { output, ...flatStates(last, states) },
    gradients: { input: inputs.flat(), ...flatStates(first, adjoints), ...Object.fromEntries(named) },
  };
}

/** Lengths of the cell's dimensions, from its operands' shapes. */
function lengthsIn({ cell }: Kind, input: Tensor, initial: readonly Tensor[]): Record<string, number> {
  const operands = [...cell.inputs, ...cell.states].map(({ shape }) => shape[0]!);
  return Object.fromEntries([input, ...initial].map(({ shape }, index) => [operands[index]!, shape.at(-1)!]));
}

/** The first rows of each state. */
const upper = <V>(states: readonly Vector<V>[], rows: number): Vector<V>[] =>
  states.map((state) => rowsOf(state, 0, rows));

/** The first rows of each state replaced. */
const joined = <V>(
  next: readonly Vector<V>[],
  states: readonly Vector<V>[],
  rows: number,
  batch: number,
): Vector<V>[] => next.map((state, index) => below(state, rowsOf(states[index]!, rows, batch)));

/** The first rows of one step of a tensor [T, B, features]. */
function lanes<V>({ data, shape }: Tensor, t: number, rows: number, number: (value: number) => V): Vector<V> {
  const [, batch, width] = shape as [number, number, number];
  return Array.from(
    { length: width },
    (_, j) => new Lanes(Array.from({ length: rows }, (_, b) => number(data[(t * batch + b) * width + j]!))),
  );
}

const rowsOf = <V>(vector: Vector<V>, from: number, to: number): Vector<V> =>
  vector.map((value) => new Lanes(Array.from({ length: to - from }, (_, row) => laneOf(value, from + row))));

const below = <V>(upper: Vector<V>, lower: Vector<V>): Vector<V> =>
  upper.map((value, j) => new Lanes([...(value as Lanes<V>).values, ...(lower[j] as Lanes<V>).values]));

const flat = <V>(vector: Vector<V>, rows: number): V[] =>
  Array.from({ length: rows }, (_, row) => vector.map((value) => laneOf(value, row))).flat();

/** One row's numbers and vectors; matrices are parameters, which are at hand. */
const environmentOf = <V>(values: Environment<Batched<V>>, row: number): Environment<V> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, V | readonly V[]][] => {
      if (!Array.isArray(value)) return [[name, laneOf(value as Batched<V>, row)]];
      return Array.isArray(value[0]) ? [] : [[name, (value as Vector<V>).map((element) => laneOf(element, row))]];
    }),
  );
