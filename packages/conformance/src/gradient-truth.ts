import {
  type AdjointInterpreter,
  type Arithmetic,
  adjointInterpreter,
  compile,
  type Environment,
  type Program,
} from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { blocksOf, stackedOf } from './blocks.ts';
import { suffixesOf } from './parameter-shapes.ts';
import type { Rows, Weights } from './truth.ts';

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

export interface GradientTruth<V> {
  readonly input: readonly Rows<V>[];
  readonly h0: readonly Rows<V>[];
  /** By state dict name, row by row. */
  readonly parameters: Readonly<Record<string, readonly V[]>>;
}

/** A cell in one direction, and what it kept of each sequence's steps. */
interface Recorded<V> {
  readonly cell: AdjointInterpreter<V>;
  readonly suffix: string;
  readonly reverse: boolean;
  readonly kept: readonly (readonly Environment<V>[])[];
}

const program: Program = compile(gru);

/**
 * What the gradients of a GRU are, from the specification alone, in any arithmetic: the cell by the interpreter; layers,
 * directions, the way back through time and the order of the rows spelled out here, apart from the runtime.
 */
export function gradientTruth<V>(arithmetic: Arithmetic<V>, problem: GradientProblem): GradientTruth<V> {
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
    const inputs = directions.map(({ cell, suffix, reverse, kept }, direction) => {
      const index = layer * directions.length + direction;
      const [from, to] = [direction * sizes.hiddenSize, (direction + 1) * sizes.hiddenSize];
      const ways = kept.map((steps, s) => {
        const output = whole[s]!.map((row) => row.slice(from, to));
        return wayBack(cell, steps, output, problem.hn[s]![index]!.map(number), reverse);
      });
      ways.forEach((way, s) => {
        h0[s]![index] = way.state;
      });
      const inOrder = ways[0]!.rows.flatMap((_, t) => ways.flatMap(({ rows }) => rows.slice(t, t + 1)));
      parameters.push(named(stackedOf(gru, cell.gradients(inOrder)), suffix, problem.parameters));
      return ways.map(({ input }) => input);
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
      const tensors = gru.layouts[0]!.tensors.map(({ name }) => [name, problem.parameters[name + suffix]?.data]);
      const blocks = blocksOf(gru, Object.fromEntries(tensors), lengths, number);
      const cell = adjointInterpreter(program, arithmetic, blocks);
      const runs = below.map((rows, s) => wayThere(cell, rows, problem.h0[s]![index]!.map(number), reverse));
      return { cell, suffix, reverse, kept: runs.map(({ kept }) => kept), outputs: runs.map(({ output }) => output) };
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

function wayThere<V>(
  { forward }: AdjointInterpreter<V>,
  inputs: Rows<V>,
  initial: readonly V[],
  reverse: boolean,
): { output: Rows<V>; kept: Environment<V>[] } {
  const [output, kept]: [(readonly V[])[], Environment<V>[]] = [[], []];
  let h = initial;
  for (const t of stepsOf(inputs, reverse)) {
    const step = forward({ x: inputs[t]!, h });
    h = step.states['h'] as readonly V[];
    output[t] = h;
    kept[t] = step.kept;
  }
  return { output, kept };
}

function wayBack<V>(
  { backward }: AdjointInterpreter<V>,
  kept: readonly Environment<V>[],
  output: Rows<V>,
  last: readonly V[],
  reverse: boolean,
): { input: Rows<V>; state: readonly V[]; rows: Environment<V>[] } {
  const [input, rows]: [(readonly V[])[], Environment<V>[]] = [[], []];
  let state = last;
  for (const t of stepsOf(kept, !reverse)) {
    const step = backward(kept[t]!, output[t]!, { h: state });
    state = step.states['h'] as readonly V[];
    input[t] = step.inputs['x'] as readonly V[];
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
