import type { Batch, Task, Track } from './task.ts';

/** Where the largest of some values is. */
export const largest = (values: Float32Array): number =>
  values.reduce((best, value, at) => (value > values[best]! ? at : best), 0);

/** The most likely class of each step. */
const classesOf = (output: Float32Array, outputs: number): readonly number[] =>
  Array.from({ length: output.length / outputs }, (_, step) =>
    largest(output.subarray(step * outputs, (step + 1) * outputs)),
  );

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
