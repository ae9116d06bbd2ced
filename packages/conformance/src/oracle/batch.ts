import type { Arithmetic, Environment } from '@congruent/codegen';
import type { Tensor } from '@congruent/runtime';
import { gru } from '@congruent/spec';
import type { Operands } from '../vectors/vectors.ts';
import { type Batched, batched, Lanes, laneOf } from './batched-arithmetic.ts';
import { stackedOf } from './blocks.ts';
import { gruBlocks, gruCell, gruTensorNames } from './gru.ts';

/** Results and gradients of one layer, flat, by name: `output`, `hn`; `input`, `h0` and the parameters. */
export interface BatchResult<V> {
  readonly results: Readonly<Record<'output' | 'hn', ArrayLike<V>>>;
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
  arithmetic: Arithmetic<V>,
  { stateDict, input, h0, cotangents }: Required<Operands>,
  batchSizes: readonly number[],
): BatchResult<V> {
  const { constant } = arithmetic;
  const lengths = { I: input.shape.at(-1)!, H: h0!.shape.at(-1)! };
  const blocks = gruBlocks(stateDict, '_l0', lengths, constant);
  const cell = gruCell<Batched<V>>(batched(arithmetic), blocks);
  const batch = batchSizes[0]!;
  let h = lanes(h0!, 0, batch, constant);
  const output: V[] = [];
  const residuals = batchSizes.map((rows, t) => {
    const step = cell.forward(lanes(input, t, rows, constant), rowsOf(h, 0, rows));
    output.push(...flat(step.state, rows));
    h = below(step.state, rowsOf(h, rows, batch));
    return step.residuals;
  });
  let dh = lanes(cotangents.hn!, 0, batch, constant);
  const [inputs, rows]: [V[][], Environment<V>[][]] = [[], []];
  for (const [t, size] of [...batchSizes.entries()].reverse()) {
    const outputs = lanes(cotangents.output!, t, size, constant);
    const step = cell.backward(residuals[t]!, outputs, rowsOf(dh, 0, size));
    inputs[t] = flat(step.input, size);
    rows[t] = Array.from({ length: size }, (_, lane) => environmentOf(step.row, lane));
    dh = below(step.state, rowsOf(dh, size, batch));
  }
  const parameters = stackedOf(gru, gruCell(arithmetic, blocks).gradients(rows.flat()));
  const named = gruTensorNames.map((name) => [`${name}_l0`, parameters[name]!] as const);
  return {
    results: { output, hn: flat(h, batch) },
    gradients: { input: inputs.flat(), h0: flat(dh, batch), ...Object.fromEntries(named) },
  };
}

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
