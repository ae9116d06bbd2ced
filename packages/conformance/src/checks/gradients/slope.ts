import type { Tensor } from '@congruent/runtime';
import { statesOf } from '../../kinds/kind.ts';
import { sizeOf } from '../../kinds/sizes.ts';
import type { Subject } from '../../subject/subject.ts';
import { fill } from '../../vectors/fill.ts';
import { type Operands, operandsOf, type RecordedCase, stateShapes } from '../../vectors/vectors.ts';
import { namedResults, runVector } from '../vectors.ts';
import { padded } from './run.ts';

// The fourth-order central difference: steps, and weights in twelfths.
const STENCIL = [
  [1, 8],
  [-1, -8],
  [2, -1],
  [-2, 1],
] as const;

/** How much of an error of the loss reaches a slope. */
export const slopeRounding = (step: number): number =>
  STENCIL.reduce((sum, [, weight]) => sum + Math.abs(weight), 0) / (12 * step);

/** Where operands move, all at once: by name, in the order of the gradients. */
export type Direction = Readonly<Record<string, Float64Array>>;

/** A direction for gradients of these shapes. */
export const directionOf = (gradients: Readonly<Record<string, { readonly shape: readonly number[] }>>): Direction =>
  Object.fromEntries(
    Object.entries(gradients).map(([name, { shape }], i) => [
      name,
      fill(i + 1, sizeOf(shape), 1, 'float64') as Float64Array,
    ]),
  );

/** The slope of the loss along a direction as gradients have it, and the sum of its terms' magnitudes. */
export function predictedSlope(
  gradients: Readonly<Record<string, { readonly data: ArrayLike<number> }>>,
  direction: Direction,
): { readonly expected: number; readonly magnitude: number } {
  const terms = Object.entries(gradients).flatMap(([name, { data }]) =>
    Array.from(data, (value, i) => value * direction[name]![i]!),
  );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return { expected: sum(terms), magnitude: sum(terms.map(Math.abs)) };
}

/** The slope of the loss along a direction as `forward` has it in float64: a central difference. */
export async function slopeOf(
  subject: Subject,
  vector: RecordedCase,
  direction: Direction,
  step: number,
): Promise<number> {
  const operands = operandsOf(vector);
  let slope = 0;
  for (const [steps, weight] of STENCIL) {
    slope += (weight * (await lossAt(subject, vector, operands, direction, steps * step))) / (12 * step);
  }
  return slope;
}

/** What is fed back times what comes out, at operands moved along the direction. */
async function lossAt(
  subject: Subject,
  vector: RecordedCase,
  { stateDict, input, initial, cotangents }: Operands,
  direction: Direction,
  by: number,
): Promise<number> {
  const moved = (name: string, shape: readonly number[], from?: Tensor): Tensor => ({
    data: direction[name]!.map((d, i) => (from?.data[i] ?? 0) + by * d),
    shape,
  });
  const [states, shapes] = [statesOf(subject.kind, '0'), stateShapes(vector)];
  const parameters = Object.entries(stateDict).map(([name, from]) => [name, moved(name, from.shape, from)]);
  const result = await runVector(
    subject,
    { ...vector, dtype: 'float64' },
    {
      stateDict: Object.fromEntries(parameters),
      input: moved('input', input.shape, input),
      initial: states.map((name, index) => moved(name, shapes[index]!, initial?.[index])),
      cotangents,
    },
  );
  const results = Object.fromEntries(namedResults(subject, result));
  let loss = 0;
  for (const name of vector.cotangents!) {
    const values = padded(subject, vector, results[name]!).data;
    cotangents[name]!.data.forEach((g, i) => {
      loss += g * values[i]!;
    });
  }
  return loss;
}
