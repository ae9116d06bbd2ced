import type { Batch, Task, Track } from './task.ts';

/** The most likely class of each step. */
function classesOf(output: Float32Array, outputs: number): readonly number[] {
  return Array.from({ length: output.length / outputs }, (_, step) => {
    const scores = output.subarray(step * outputs, (step + 1) * outputs);
    return scores.reduce((best, score, at) => (score > scores[best]! ? at : best), 0);
  });
}

/** Rows for what was asked and what the network says. */
export function classTracks(
  { from, steps, outputs }: Pick<Task, 'from' | 'steps' | 'outputs'>,
  { targets }: Batch,
  output: Float32Array,
  symbolOf: (of: number) => string,
): readonly Track[] {
  const given = classesOf(output, outputs);
  const wanted = Array.from({ length: steps }, (_, step) => targets[step - from]);
  const symbols = (classes: readonly (number | undefined)[]): readonly string[] =>
    classes.map((of, step) => (step < from ? '' : symbolOf(of!)));
  return [
    { label: 'target', kind: 'symbols', symbols: symbols(wanted) },
    {
      label: 'output',
      kind: 'symbols',
      symbols: symbols(given),
      right: given.map((of, step) => step < from || of === wanted[step]),
    },
  ];
}
