import { classTracks } from './classes.ts';
import { batchOf, integer } from './sequences.ts';
import type { Task } from './task.ts';

const SYMBOLS = ['a', 'b', 'c', 'd'];

/** How many are to be remembered. */
const LENGTH = 4;

/** The copy problem of Hochreiter and Schmidhuber (1997), as Arjovsky, Shah and Bengio (2016) have it. */
export function copying(steps: number): Task {
  const from = steps - LENGTH;
  const batch: Task['batch'] = (random, sequences) => {
    const drawn = Array.from({ length: sequences }, () =>
      Array.from({ length: LENGTH }, () => integer(random, SYMBOLS.length)),
    );
    return batchOf(
      [steps, sequences, SYMBOLS.length + 1],
      (step, sequence, input) => Number(input === SYMBOLS.length ? step >= from : drawn[sequence]![step] === input),
      from,
      (step, sequence) => drawn[sequence]![step - from]!,
    );
  };
  const task: Pick<Task, 'outputs' | 'steps' | 'from'> = { outputs: SYMBOLS.length, steps, from };
  return {
    ...task,
    inputs: SYMBOLS.length + 1,
    measure: 'classes',
    baseline: { loss: Math.log(SYMBOLS.length), by: 'guessing' },
    batch,
    sample: (random) => batch(random, 1),
    show: (sample, output) => [
      { label: 'input', kind: 'symbols', symbols: Array.from({ length: steps }, (_, step) => symbolAt(sample, step)) },
      ...classTracks(task, sample, output, (of) => SYMBOLS[of]!),
    ],
  };
}

/** What comes at a step: a symbol, the question, or nothing. */
function symbolAt({ input: { data } }: ReturnType<Task['sample']>, step: number): string {
  const width = SYMBOLS.length + 1;
  const at = data.subarray(step * width, (step + 1) * width).indexOf(1);
  return [...SYMBOLS, '?'][at] ?? '';
}
