import type { Tally, Tried } from './engine/supervise.ts';
import { ACCEPTED } from './engine/surface.ts';
import type { Failure } from './engine/worker.ts';
import { columns, count } from './table.ts';

/** What was tried, a line for each surface: how many inputs, how many calls were taken, and refused with which codes. */
export function tableOf({ tallies }: Tried): string {
  const rows = [...tallies].map(([name, { tried, outcomes }]) => [
    name,
    count(tried),
    count(outcomes.get(ACCEPTED) ?? 0),
    refusalsOf({ tried, outcomes }),
  ]);
  return columns([['', 'inputs', 'accepted', 'refused'], ...rows]);
}

/** The codes, the most frequent first. */
function refusalsOf({ outcomes }: Tally): string {
  const refused = [...outcomes].filter(([outcome]) => outcome !== ACCEPTED).sort(([, a], [, b]) => b - a);
  return refused.map(([code, times]) => `${code} ${count(times)}`).join(', ');
}

/** What failed, with the line that tries it again. */
export function failureText({ surface, seed, path, input, problem }: Failure): string {
  return [
    '',
    `FAILED: ${surface}, seed ${seed}, path ${path}`,
    ...(input === undefined ? [] : [`input: ${input}`]),
    problem,
    `again: npm run fuzz -- --only ${surface} --seed=${seed} --path ${path}`,
  ].join('\n');
}
