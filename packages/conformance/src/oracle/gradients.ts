import type { Arithmetic, Environment } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { suffixesOf } from '../vectors/parameter-shapes.ts';
import { stackedOf } from './blocks.ts';
import type { Rows, Weights } from './forward.ts';
import { type GruCell, gruBlocks, gruCell } from './gru.ts';

/** A batch and what is fed back, by sequence in the order of the packed rows: longest first. */
export interface GradientProblem extends Weights {
  readonly sequences: readonly Rows<number>[];
  /** Of each sequence, at layer·D + direction. */
  readonly h0: readonly Rows<number>[];
  /** The gradients of the output and of the last states. */
  readonly output: readonly Rows<number>[];
  readonly hn: readonly Rows<number>[];
  /** Of each layer but the last, where outputs are dropped. */
  readonly masks: readonly (readonly Rows<number>[])[];
}

/** The gradients, by sequence in the same order. */
export interface SequenceGradients<V> {
  readonly input: readonly Rows<V>[];
  readonly h0: readonly Rows<V>[];
  /** By state dict name, row by row. */
  readonly parameters: Readonly<Record<string, readonly V[]>>;
}

/** A cell in one direction, and the residuals of each sequence's steps. */
interface Recorded<V> {
  readonly cell: GruCell<V>;
  readonly suffix: string;
  readonly reverse: boolean;
  readonly residuals: readonly (readonly Environment<V>[])[];
}

/**
 * What the gradients of a GRU are, from the specification alone, in any arithmetic: the cell by the interpreter; layers,
 * directions, the backward pass through time and the order of the rows spelled out here, apart from the runtime.
 */
export function gradientOracle<V>(arithmetic: Arithmetic<V>, problem: GradientProblem): SequenceGradients<V> {
  const { sizes, masks } = problem;
  const number = (value: number): V => arithmetic.constant(value);
  const layers = recordLayers(arithmetic, problem);
  const h0: (readonly V[])[][] = problem.sequences.map(() => []);
  const parameters: Record<string, readonly V[]>[] = [];
  let above = problem.output.map((rows) => numbers(rows, number));
  for (const [layer, directions] of [...layers.entries()].reverse()) {
    const whole = masks[layer]
      ? applied(
          arithmetic,
          '*',
          above,
          masks[layer].map((rows) => numbers(rows, number)),
        )
      : above;
    const inputs = directions.map(({ cell, suffix, reverse, residuals }, direction) => {
      const index = layer * directions.length + direction;
      const [from, to] = [direction * sizes.hiddenSize, (direction + 1) * sizes.hiddenSize];
      const passes = residuals.map((steps, s) => {
        const output = whole[s]!.map((row) => row.slice(from, to));
        return backwardPass(cell, steps, output, problem.hn[s]![index]!.map(number), reverse);
      });
      passes.forEach(({ state }, s) => {
        h0[s]![index] = state;
      });
      const inOrder = passes[0]!.rows.flatMap((_, t) => passes.flatMap(({ rows }) => rows.slice(t, t + 1)));
      parameters.push(named(stackedOf(gru, cell.gradients(inOrder)), suffix, problem.parameters));
      return passes.map(({ input }) => input);
    });
    above = inputs.reduce((left, right) => applied(arithmetic, '+', left, right));
  }
  return { input: above, h0, parameters: Object.assign({}, ...parameters) };
}

function recordLayers<V>(arithmetic: Arithmetic<V>, problem: GradientProblem): Recorded<V>[][] {
  const { sizes, masks } = problem;
  const number = (value: number): V => arithmetic.constant(value);
  const suffixes = suffixesOf(sizes);
  let below = problem.sequences.map((rows) => numbers(rows, number));
  return Array.from({ length: sizes.numLayers }, (_, layer) => {
    const lengths = { I: below[0]![0]!.length, H: sizes.hiddenSize };
    const directions = (sizes.bidirectional ? [false, true] : [false]).map((reverse, direction, { length }) => {
      const index = layer * length + direction;
      const suffix = suffixes[index]!;
      const cell = gruCell(arithmetic, gruBlocks(problem.parameters, suffix, lengths, number));
      const passes = below.map((rows, s) => forwardPass(cell, rows, problem.h0[s]![index]!.map(number), reverse));
      return {
        cell,
        suffix,
        reverse,
        residuals: passes.map((pass) => pass.residuals),
        outputs: passes.map((pass) => pass.output),
      };
    });
    below = below.map((rows, s) => rows.map((_, t) => directions.flatMap(({ outputs }) => outputs[s]![t]!)));
    if (masks[layer])
      below = applied(
        arithmetic,
        '*',
        below,
        masks[layer].map((rows) => numbers(rows, number)),
      );
    return directions;
  });
}

function forwardPass<V>(
  { forward }: GruCell<V>,
  inputs: Rows<V>,
  initial: readonly V[],
  reverse: boolean,
): { output: Rows<V>; residuals: Environment<V>[] } {
  const [output, residuals]: [(readonly V[])[], Environment<V>[]] = [[], []];
  let h = initial;
  for (const t of stepsOf(inputs, reverse)) {
    const step = forward(inputs[t]!, h);
    h = step.state;
    output[t] = h;
    residuals[t] = step.residuals;
  }
  return { output, residuals };
}

function backwardPass<V>(
  { backward }: GruCell<V>,
  residuals: readonly Environment<V>[],
  output: Rows<V>,
  last: readonly V[],
  reverse: boolean,
): { input: Rows<V>; state: readonly V[]; rows: Environment<V>[] } {
  const [input, rows]: [(readonly V[])[], Environment<V>[]] = [[], []];
  let state = last;
  for (const t of stepsOf(residuals, !reverse)) {
    const step = backward(residuals[t]!, output[t]!, state);
    state = step.state;
    input[t] = step.input;
    rows[t] = step.row;
  }
  return { input, state, rows };
}

const stepsOf = (steps: readonly unknown[], reverse: boolean): number[] =>
  reverse ? [...steps.keys()].reverse() : [...steps.keys()];

const numbers = <V>(rows: Rows<number>, number: (value: number) => V): Rows<V> => rows.map((row) => row.map(number));

/** Element by element, sequence by sequence. */
const applied = <V>(
  { binary }: Arithmetic<V>,
  operator: '+' | '*',
  left: readonly Rows<V>[],
  right: readonly Rows<V>[],
): Rows<V>[] =>
  left.map((rows, s) => rows.map((row, t) => row.map((value, i) => binary(operator, value, right[s]![t]![i]!))));

/** By state dict name, those that the GRU has. */
const named = <V>(
  tensors: Record<string, V[]>,
  suffix: string,
  parameters: Weights['parameters'],
): Record<string, V[]> =>
  Object.fromEntries(
    Object.entries(tensors)
      .map(([name, values]): [string, V[]] => [name + suffix, values])
      .filter(([name]) => parameters[name] !== undefined),
  );
