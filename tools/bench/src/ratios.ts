import type { Report } from './report.ts';
import { significant } from './table.ts';
import { titleOf, type Work } from './works.ts';

/** How many times faster the fastest of the backends was than a peer, beside what is aimed at. */
export interface Ratio {
  readonly work: Work;
  readonly peer: string;
  readonly backend: string;
  readonly ratio: number;
  readonly target: number;
}

/** The variant of a backend in `name, variant`; targets for it are kept under `peer, variant`. */
const variantOf = (name: string): string => name.slice(name.indexOf(',') + 1).trim();
const isVariant = (name: string): boolean => name.includes(',');

/** The targets of the rows that ran. */
export function ratios({ timed, backends }: Pick<Report, 'timed' | 'backends'>): readonly Ratio[] {
  return timed.flatMap(({ work, times }) =>
    Object.entries(work.targets).flatMap(([key, target]) => {
      const [peer, variant] = [key.split(',')[0]!, isVariant(key) ? variantOf(key) : undefined];
      const fits = (name: string) =>
        backends.includes(name) && (variant === undefined ? !isVariant(name) : variantOf(name) === variant);
      const own = times
        .filter(({ name }) => fits(name))
        .sort((a, b) => a.microseconds.median - b.microseconds.median)[0];
      const other = times.find(({ name }) => name === peer);
      if (!own || !other) return [];
      const ratio = other.microseconds.median / own.microseconds.median;
      return [{ work, peer, backend: own.name, ratio, target }];
    }),
  );
}

/** One line a target, for tables. */
export const ratioCells = (list: readonly Ratio[]): readonly (readonly string[])[] => [
  ['work', 'fastest backend', 'peer', 'times faster', 'aim', ''],
  ...list.map(({ work, peer, backend, ratio, target }) => [
    titleOf(work),
    backend,
    peer,
    `${significant(ratio)}×`,
    `≥ ${target}×`,
    ratio >= target ? 'reached' : 'missed',
  ]),
];
