import type { Settings } from '../explorer.ts';
import { sizesIn, textOfSizes } from '../run/sizes.ts';
import type { Setup } from './protocol.ts';
import { kinds } from './tasks/kinds.ts';
import type { TaskKind } from './tasks/task.ts';

/** Learning rates, as powers of ten. */
export const RATES = { least: -5, most: 0, usual: -2 } as const;

export const MOST_SEED = 2 ** 31 - 1;

/** All but the cell. */
export type Choices = Omit<Setup, 'text'>;

export const kindOf = (name: string | undefined): TaskKind => kinds.find((each) => each.name === name) ?? kinds[0]!;

/** What the page's address says, within bounds, and what is usual where it says nothing. */
export function choicesIn(settings: Settings): Choices {
  const kind = kindOf(settings.get('train.task'));
  const { least, most, usual } = kind.steps;
  return {
    task: kind.name,
    steps: integerIn(settings.get('train.steps'), least, most, usual),
    sizes: sizesIn(settings.get('train.sizes')),
    seed: integerIn(settings.get('train.seed'), 0, MOST_SEED, 0),
    learningRate: rateIn(settings.get('train.rate')),
  };
}

/** Writes what is not usual. */
export function keep(settings: Settings, { task, steps, sizes, seed, learningRate }: Choices): void {
  const kind = kindOf(task);
  const write = (name: string, text: string, usual: string): void =>
    settings.set(`train.${name}`, text === usual ? undefined : text);
  write('task', task, kinds[0]!.name);
  write('steps', `${steps}`, `${kind.steps.usual}`);
  settings.set('train.sizes', textOfSizes(sizes));
  write('seed', `${seed}`, '0');
  write('rate', `${learningRate}`, `${10 ** RATES.usual}`);
}

/** The integer that a text says, otherwise the usual one; within bounds. */
export function integerIn(text: string | undefined, least: number, most: number, usual: number): number {
  const value = Number(text);
  const chosen = text !== undefined && Number.isInteger(value) ? value : usual;
  return Math.min(most, Math.max(least, chosen));
}

function rateIn(text: string | undefined): number {
  const value = Number(text);
  const isOne = value >= 10 ** RATES.least && value <= 10 ** RATES.most;
  return isOne ? value : 10 ** RATES.usual;
}
