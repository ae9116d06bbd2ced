import type { Report } from './report.ts';
import { type Cells, significant } from './table.ts';
import { coldTargets, titleOf } from './works.ts';

/** How many times faster the fastest of the backends was than a peer, beside what is aimed at. */
export interface Ratio {
  readonly title: string;
  readonly peer: string;
  readonly backend: string;
  readonly ratio: number;
  readonly target: number;
}

/** A contestant's median, in whatever unit the row has. */
interface Time {
  readonly name: string;
  readonly median: number;
}

/** The targets of the rows that ran. */
export function ratios({ timed, cold, backends }: Pick<Report, 'timed' | 'cold' | 'backends'>): readonly Ratio[] {
  const coldTimes = cold.map(({ name, milliseconds: { median } }) => ({ name, median }));
  return [
    ...timed.flatMap(({ work, times }) => {
      const medians = times.map(({ name, microseconds: { median } }) => ({ name, median }));
      return compare(titleOf(work), medians, work.targets, backends);
    }),
    ...compare('import to first result', coldTimes, coldTargets, backends),
  ];
}

/** Targets are kept under `peer`, for backends as they come, or `peer, variant`, for that variant of a backend. */
function compare(
  title: string,
  times: readonly Time[],
  targets: Readonly<Record<string, number>>,
  backends: readonly string[],
): Ratio[] {
  return Object.entries(targets).flatMap(([key, target]) => {
    const [peer, variant] = key.split(', ');
    const own = times
      .filter(({ name }) => backends.includes(name) && name.split(', ')[1] === variant)
      .sort((a, b) => a.median - b.median)[0];
    const other = times.find(({ name }) => name === peer);
    return own && other ? [{ title, peer: peer!, backend: own.name, ratio: other.median / own.median, target }] : [];
  });
}

/** A line for each target. */
export const ratioCells = (list: readonly Ratio[]): Cells => [
  ['', 'fastest backend', 'peer', 'times faster', 'aim', ''],
  ...list.map(({ title, peer, backend, ratio, target }) => [
    title,
    backend,
    peer,
    `${significant(ratio)}×`,
    `≥ ${target}×`,
    ratio >= target ? 'reached' : 'missed',
  ]),
];
