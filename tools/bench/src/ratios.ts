import { COMPARISONS, mapParts } from './parts.ts';
import type { Report, TimedRow } from './report.ts';
import { type Cells, significant } from './table.ts';
import { coldTargets, NATIVE, titleOf } from './works.ts';

/**
 * How many times faster the fastest of the backends was than a peer, beside what is aimed at; or how many times longer
 * than its forward pass its backward pass took, or a network than its layers, beside what that is to be at most.
 */
export interface Ratio {
  readonly kind: 'faster' | 'longer';
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
      const native = backends.filter((name) => name === NATIVE);
      return [
        ...compare(titleOf(work), medians, work.targets, backends),
        ...compare(titleOf(work), medians, work.native ?? {}, native),
      ];
    }),
    ...timed.flatMap((row) => comparison(row, backends)),
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
    const own = fastest(times, backends, variant);
    const other = times.find(({ name }) => name === peer);
    if (!own || !other) return [];
    return [{ kind: 'faster', title, peer: peer!, backend: own.name, ratio: other.median / own.median, target }];
  });
}

/** The parts of the backend that is fastest of those that have some. */
function comparison({ work, times }: TimedRow, backends: readonly string[]): Ratio[] {
  const { subject, peer, target, ratio } = COMPARISONS[work.kind];
  const apart = times.flatMap(({ name, microseconds: { median }, parts }) => (parts ? [{ name, median, parts }] : []));
  const own = fastest(apart, backends);
  if (!own) return [];
  const medians = mapParts(own.parts, (part) => part.median);
  const title = `${titleOf(work)}: ${subject}`;
  return [{ kind: 'longer', title, peer, backend: own.name, ratio: ratio(own.median, medians), target }];
}

/** The fastest of the backends as they come, or of those in one variant. */
const fastest = <T extends Time>(times: readonly T[], backends: readonly string[], variant?: string): T | undefined =>
  times
    .filter(({ name }) => backends.includes(name) && name.split(', ')[1] === variant)
    .sort((a, b) => a.median - b.median)[0];

const AIMS = {
  faster: ['faster', '≥', (ratio: number, target: number) => ratio >= target],
  longer: ['as long', '≤', (ratio: number, target: number) => ratio <= target],
} as const;

/** A line for each target. */
export const ratioCells = (list: readonly Ratio[]): Cells => [
  ['', 'fastest backend', 'peer', 'ratio', 'aim', ''],
  ...list.map(({ kind, title, peer, backend, ratio, target }) => {
    const [what, bound, reached] = AIMS[kind];
    return [
      title,
      backend,
      peer,
      `${significant(ratio)}× ${what}`,
      `${bound} ${target}×`,
      reached(ratio, target) ? 'reached' : 'missed',
    ];
  }),
];
