import { classTracks } from './classes.ts';
import { batchOf, integer } from './sequences.ts';
import type { Task } from './task.ts';

/** The next character of a poem, which is loaded. */
export async function text(steps: number): Promise<Task> {
  const { jabberwocky } = await import('./data/jabberwocky.ts');
  return textOver(jabberwocky, steps);
}

/** Characters that cannot be seen. */
const SHOWN: Readonly<Record<string, string>> = { ' ': '␣', '\n': '↵' };

function textOver(whole: string, steps: number): Task {
  const alphabet = [...new Set(whole)].sort();
  const codes = Array.from(whole, (character) => alphabet.indexOf(character));
  const symbolOf = (code: number): string => SHOWN[alphabet[code]!] ?? alphabet[code]!;
  const batch: Task['batch'] = (random, sequences) => {
    const starts = Array.from({ length: sequences }, () => integer(random, codes.length - steps));
    return batchOf(
      [steps, sequences, alphabet.length],
      (step, sequence, input) => Number(codes[starts[sequence]! + step] === input),
      0,
      (step, sequence) => codes[starts[sequence]! + step + 1]!,
    );
  };
  const task: Pick<Task, 'outputs' | 'steps' | 'from'> = { outputs: alphabet.length, steps, from: 0 };
  return {
    ...task,
    inputs: alphabet.length,
    measure: 'classes',
    baseline: { loss: entropyOf(codes, alphabet.length), by: 'knowing only how often each character comes' },
    batch,
    sample: (random) => batch(random, 1),
    show: (sample, output) => [
      {
        label: 'input',
        kind: 'symbols',
        symbols: Array.from({ length: steps }, (_, step) => {
          const row = sample.input.data.subarray(step * alphabet.length, (step + 1) * alphabet.length);
          return symbolOf(row.indexOf(1));
        }),
      },
      ...classTracks(task, sample, output, symbolOf),
    ],
  };
}

/** Of how often each code comes, in nats. */
function entropyOf(codes: readonly number[], kinds: number): number {
  const counts = new Float64Array(kinds);
  for (const code of codes) counts[code]!++;
  return counts.reduce((sum, count) => sum - (count / codes.length) * Math.log(count / codes.length), 0);
}
