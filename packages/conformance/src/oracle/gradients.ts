import type { Arithmetic, Environment } from '@congruent/codegen';
import { directionsOf, lengthsOf, outputWidth, suffixesOf } from '../kinds/sizes.ts';
import { stackedOf } from './blocks.ts';
import type { Rows, Weights } from './forward.ts';
import { type StepCell, stepBlocks, stepCell } from './step.ts';

/** A batch and what is fed back, by sequence in the order of the packed rows: longest first. */
export interface GradientProblem extends Weights {
  readonly sequences: readonly Rows<number>[];
  /** Of each sequence, by state. */
  readonly initial: readonly (readonly Rows<number>[])[];
  /** The gradients of the output and of the last states. */
  readonly output: readonly Rows<number>[];
  readonly last: readonly (readonly Rows<number>[])[];
  /** Of each layer but the last, where outputs are dropped. */
  readonly masks: readonly (readonly Rows<number>[])[];
}

/** The gradients, by sequence in the same order. */
export interface SequenceGradients<V> {
  readonly input: readonly Rows<V>[];
  readonly initial: readonly (readonly Rows<V>[])[];
  /** By state dict name, row by row. */
  readonly parameters: Readonly<Record<string, readonly V[]>>;
}

/** A cell in one direction, and the residuals of each sequence's steps. */
interface Recorded<V> {
  readonly cell: StepCell<V>;
  readonly suffix: string;
  readonly reverse: boolean;
  readonly residuals: readonly (readonly Environment<V>[])[];
}

/**
 * What the gradients of layers are, from the specification alone, in any arithmetic: the cell by the interpreter; layers,
 * directions, the backward pass through time and the order of the rows spelled out here, apart from the runtime.
 */
export function gradientOracle<V>(arithmetic: Arithmetic<V>, problem: GradientProblem): SequenceGradients<V> {
  const { kind, sizes, masks } = problem;
  const number = (value: number): V => arithmetic.constant(value);
  const ofMask = (rows: Rows<number>): Rows<V> => numbers(rows, number);
  const width = outputWidth(kind, sizes);
  const initial = problem.initial.map((states) => states.map((): (readonly V[])[] => []));
  const parameters: Record<string, readonly V[]>[] = [];
  let above = problem.output.map((rows) => numbers(rows, number));
  for (const [layer, directions] of [...recordLayers(arithmetic, problem).entries()].reverse()) {
    const whole = masks[layer] ? applied(arithmetic, '*', above, masks[layer].map(ofMask)) : above;
    const inputs = directions.map(({ cell, suffix, reverse, residuals }, direction) => {
      const index = layer * directions.length + direction;
      const passes = residuals.map((steps, s) => {
        const output = whole[s]!.map((row) => row.slice(direction * width, (direction + 1) * width));
        const last = problem.last[s]!.map((state) => state[index]!.map(number));
        return backwardPass(cell, steps, output, last, reverse);
      });
      for (const [s, { states }] of passes.entries()) {
        for (const [k, state] of states.entries()) initial[s]![k]![index] = state;
      }
      const inOrder = passes[0]!.rows.flatMap((_, t) => passes.flatMap(({ rows }) => rows.slice(t, t + 1)));
      parameters.push(named(stackedOf(kind.cell, cell.gradients(inOrder)), suffix, problem.parameters));
      return passes.map(({ input }) => input);
    });
    above = inputs.reduce((left, right) => applied(arithmetic, '+', left, right));
  }
  return { input: above, initial, parameters: Object.assign({}, ...parameters) };
}

function recordLayers<V>(arithmetic: Arithmetic<V>, problem: GradientProblem): Recorded<V>[][] {
  const { kind, sizes, masks, parameters } = problem;
  const number = (value: number): V => arithmetic.constant(value);
  const suffixes = suffixesOf(sizes);
  const count = directionsOf(sizes);
  let below = problem.sequences.map((rows) => numbers(rows, number));
  return Array.from({ length: sizes.numLayers }, (_, layer) => {
    const directions = Array.from({ length: count }, (_, direction) => {
      const index = layer * count + direction;
      const [suffix, reverse] = [suffixes[index]!, direction === 1];
      const blocks = stepBlocks(kind, parameters, suffix, lengthsOf(kind, sizes, layer), number);
      const cell = stepCell(kind, arithmetic, blocks);
      const passes = below.map((rows, s) => {
        const states = problem.initial[s]!.map((state) => state[index]!.map(number));
        return forwardPass(cell, rows, states, reverse);
      });
      const [residuals, outputs] = [passes.map((pass) => pass.residuals), passes.map((pass) => pass.output)];
      return { cell, suffix, reverse, residuals, outputs };
    });
    below = below.map((rows, s) => rows.map((_, t) => directions.flatMap(({ outputs }) => outputs[s]![t]!)));
    const mask = masks[layer]?.map((rows) => numbers(rows, number));
    if (mask) below = applied(arithmetic, '*', below, mask);
    return directions;
  });
}

function forwardPass<V>(
  { forward }: StepCell<V>,
  inputs: Rows<V>,
  initial: Rows<V>,
  reverse: boolean,
): { output: Rows<V>; residuals: Environment<V>[] } {
  const [output, residuals]: [(readonly V[])[], Environment<V>[]] = [[], []];
  let states = initial;
  for (const t of stepsOf(inputs, reverse)) {
    const step = forward(inputs[t]!, states);
    states = step.states;
    output[t] = step.output;
    residuals[t] = step.residuals;
  }
  return { output, residuals };
}

function backwardPass<V>(
  { backward }: StepCell<V>,
  residuals: readonly Environment<V>[],
  output: Rows<V>,
  last: Rows<V>,
  reverse: boolean,
): { input: Rows<V>; states: Rows<V>; rows: Environment<V>[] } {
  const [input, rows]: [(readonly V[])[], Environment<V>[]] = [[], []];
  let states = last;
  for (const t of stepsOf(residuals, !reverse)) {
    const step = backward(residuals[t]!, output[t]!, states);
    states = step.states;
    input[t] = step.input;
    rows[t] = step.row;
  }
  return { input, states, rows };
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

/** By state dict name, those that the layers have. */
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
