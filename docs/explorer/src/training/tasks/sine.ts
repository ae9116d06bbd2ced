import { batchOf, channel } from './sequences.ts';
import type { Task } from './task.ts';

/** Radians a step: every wave has a frequency of its own between these. */
const [SLOWEST, FASTEST] = [0.2, 0.8];

const RANGE = [-1, 1] as const;

export function sine(steps: number): Task {
  const batch: Task['batch'] = (random, sequences) => {
    const waves = Array.from({ length: sequences }, () => {
      const frequency = SLOWEST + (FASTEST - SLOWEST) * random();
      const phase = 2 * Math.PI * random();
      return (step: number): number => Math.sin(frequency * step + phase);
    });
    return batchOf(
      [steps, sequences, 1],
      (step, sequence) => waves[sequence]!(step),
      0,
      (step, sequence) => waves[sequence]!(step + 1),
    );
  };
  return {
    inputs: 1,
    outputs: 1,
    steps,
    from: 0,
    measure: 'values',
    // The mean of (sin(a + f) - sin(a))² is 1 - cos f over all phases, and that over all frequencies:
    baseline: {
      loss: 1 - (Math.sin(FASTEST) - Math.sin(SLOWEST)) / (FASTEST - SLOWEST),
      by: 'repeating the last value',
    },
    batch,
    sample: (random) => batch(random, 1),
    show: ({ input, targets }, output) => [
      { label: 'input', kind: 'lines', range: RANGE, lines: [{ label: 'input', values: channel(input, 0) }] },
      {
        label: 'next',
        kind: 'lines',
        range: RANGE,
        lines: [
          { label: 'target', values: targets },
          { label: 'output', values: output },
        ],
      },
    ],
  };
}
