import { type Random, type Tensor, tensor } from '@congruent/runtime';
import type { Batch } from './task.ts';

/** An integer below `end`. */
export const integer = (random: Random, end: number): number => Math.floor(random() * end);

/**
 * A batch from functions of step, sequence and place.
 *
 * @param from  the first step with a target
 */
export function batchOf(
  [steps, sequences, inputs]: readonly [number, number, number],
  value: (step: number, sequence: number, input: number) => number,
  from: number,
  target: (step: number, sequence: number) => number,
): Batch {
  const data = new Float32Array(steps * sequences * inputs);
  const targets = new Float32Array((steps - from) * sequences);
  for (let at = 0, step = 0; step < steps; step++) {
    for (let sequence = 0; sequence < sequences; sequence++) {
      if (step >= from) targets[(step - from) * sequences + sequence] = target(step, sequence);
      for (let input = 0; input < inputs; input++) data[at++] = value(step, sequence, input);
    }
  }
  return { input: tensor(data, [steps, sequences, inputs]), targets };
}

/** One of the values of each step of a single sequence. */
export const channel = ({ data, shape }: Tensor, at: number): Float32Array =>
  Float32Array.from({ length: shape[0]! }, (_, step) => data[step * shape[2]! + at]!);

/** Values for the last steps, NaN for those before. */
export function atTheEnd(steps: number, values: ArrayLike<number>): Float32Array {
  const whole = new Float32Array(steps).fill(Number.NaN);
  whole.set(values, steps - values.length);
  return whole;
}
