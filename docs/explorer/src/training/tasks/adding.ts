import { atTheEnd, batchOf, channel, integer } from './sequences.ts';
import type { Task } from './task.ts';

/** The adding problem of Hochreiter and Schmidhuber (1997), with values from 0 to 1. */
export function adding(steps: number): Task {
  const half = Math.floor(steps / 2);
  const batch: Task['batch'] = (random, sequences) => {
    const drawn = Array.from({ length: sequences }, () => ({
      values: Float32Array.from({ length: steps }, random),
      marked: [integer(random, half), half + integer(random, steps - half)],
    }));
    return batchOf(
      [steps, sequences, 2],
      (step, sequence, input) => {
        const { values, marked } = drawn[sequence]!;
        return input === 0 ? values[step]! : Number(marked.includes(step));
      },
      steps - 1,
      (_, sequence) => {
        const { values, marked } = drawn[sequence]!;
        return values[marked[0]!]! + values[marked[1]!]!;
      },
    );
  };
  return {
    inputs: 2,
    outputs: 1,
    steps,
    from: steps - 1,
    measure: 'values',
    // The variance of a sum of two numbers that are uniform in [0, 1).
    baseline: { loss: 1 / 6, by: 'always saying 1' },
    batch,
    sample: (random) => batch(random, 1),
    show: ({ input, targets }, output) => [
      { label: 'number', kind: 'heat', rows: [channel(input, 0)] },
      { label: 'marked', kind: 'heat', rows: [channel(input, 1)] },
      {
        label: 'sum',
        kind: 'lines',
        range: [0, 2],
        lines: [
          { label: 'target', values: atTheEnd(steps, targets) },
          { label: 'output', values: output },
        ],
      },
    ],
  };
}
