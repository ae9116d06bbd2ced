import type { Cell } from '@congruent/spec';
import { type Environment, float64, type InterpretedValue, interpreter, type Program } from '../src/index.ts';
import { fill, type Lengths, mapValues, numbers, valuesFor } from './values.ts';

type Value = InterpretedValue<number>;

/** A sequence, what stands before it, and how much each result counts. */
export interface Problem {
  readonly parameters: Environment<number>;
  readonly states: Environment<number>;
  readonly inputs: readonly Environment<number>[];
  /** Of the outputs of each step, and of the last states. */
  readonly cotangents: { readonly outputs: readonly Environment<number>[]; readonly states: Environment<number> };
}

/** Numbers between -1 and 1 throughout. */
export function problemFor(cell: Cell, lengths: Lengths, steps: number, seed: number): Problem {
  const next = numbers(seed);
  const draw = () => valuesFor(cell, lengths, next);
  const only = (variables: Cell['inputs'], from: Environment<number>): Environment<number> =>
    Object.fromEntries(variables.map(({ name }) => [name, from[name]!]));
  const { parameters, operands } = draw();
  return {
    parameters,
    states: only(cell.states, operands),
    inputs: Array.from({ length: steps }, () => only(cell.inputs, draw().operands)),
    cotangents: {
      outputs: Array.from({ length: steps }, () =>
        Object.fromEntries(cell.outputs.map(({ name, shape }) => [name, fill(shape, lengths, next)])),
      ),
      states: only(cell.states, draw().operands),
    },
  };
}

const flat = (value: Value): readonly number[] => (Array.isArray(value) ? value.flatMap(flat) : [value as number]);

const dot = (a: Value, b: Value): number => {
  const [left, right] = [flat(a), flat(b)];
  return left.reduce((sum, value, index) => sum + value * right[index]!, 0);
};

/** What the gradients are of: the sum of all results, weighted by the cotangents. */
function loss(program: Program, { parameters, states, inputs, cotangents }: Problem): number {
  const { forward } = interpreter(program, float64, parameters);
  const weighted = (values: Environment<number>, weights: Environment<number>): number =>
    Object.entries(weights).reduce((sum, [name, weight]) => sum + dot(values[name]!, weight), 0);
  let current = states;
  let sum = 0;
  inputs.forEach((input, t) => {
    const step = forward({ ...input, ...current });
    current = step.states;
    sum += weighted(step.outputs, cotangents.outputs[t]!);
  });
  return sum + weighted(current, cotangents.states);
}

/** Of the loss, as the derived backward pass gives them. */
export interface Gradients {
  readonly parameters: Environment<number>;
  readonly states: Environment<number>;
  readonly inputs: readonly Environment<number>[];
}

export function gradientsOf(program: Program, { parameters, states, inputs, cotangents }: Problem): Gradients {
  const { forward, backward, gradients } = interpreter(program, float64, parameters);
  let current = states;
  const recorded = inputs.map((input) => {
    const step = forward({ ...input, ...current });
    current = step.states;
    return step.residuals;
  });
  let later = cotangents.states;
  const rows = recorded.map((residuals, t) => ({ residuals, outputs: cotangents.outputs[t]! })).reverse();
  const steps = rows.map(({ residuals, outputs }) => {
    const step = backward(residuals, outputs, later);
    later = step.states;
    return step;
  });
  steps.reverse();
  return {
    parameters: gradients(steps.map(({ row }) => row)),
    states: later,
    inputs: steps.map((step) => step.inputs),
  };
}

/** How far every operand and parameter moves. */
export type Direction = Omit<Problem, 'cotangents'>;

/** Random in all operands and parameters at once. */
export function directionFor(cell: Cell, lengths: Lengths, steps: number, seed: number): Direction {
  const { cotangents: _, ...direction } = problemFor(cell, lengths, steps, seed);
  return direction;
}

/** The slope of the loss along a direction, by central differences of fourth order. */
export function slope(program: Program, problem: Problem, direction: Direction, by: number): number {
  const at = (distance: number): number => loss(program, moved(problem, direction, distance));
  return (8 * (at(by) - at(-by)) - (at(2 * by) - at(-2 * by))) / (12 * by);
}

/** The same by the gradients, and the sum of its terms' magnitudes. */
export function predictedSlope(
  gradients: Gradients,
  direction: Direction,
): { readonly slope: number; readonly magnitude: number } {
  const pairs = [
    [gradients.parameters, direction.parameters],
    [gradients.states, direction.states],
    ...gradients.inputs.map((input, t) => [input, direction.inputs[t]!] as const),
  ] as const;
  const terms = pairs.flatMap(([gradient, part]) =>
    Object.keys(part).flatMap((name) => {
      const [values, other] = [flat(gradient[name]!), flat(part[name]!)];
      if (values.length !== other.length) throw new Error(`the gradient of ${name} is not of its shape`);
      return values.map((value, index) => value * other[index]!);
    }),
  );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return { slope: sum(terms), magnitude: sum(terms.map(Math.abs)) };
}

const moved = (problem: Problem, direction: Direction, by: number): Problem => ({
  ...problem,
  parameters: along(problem.parameters, direction.parameters, by),
  states: along(problem.states, direction.states, by),
  inputs: problem.inputs.map((input, t) => along(input, direction.inputs[t]!, by)),
});

/** Each element moved by a multiple of its part of a random direction. */
function along(values: Environment<number>, direction: Environment<number>, by: number): Environment<number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const parts = flat(direction[name]!);
      let index = 0;
      return [name, mapValues({ value }, (element) => element + by * parts[index++]!)['value']!];
    }),
  );
}
