import { type Cells, columns, duration, kilobytes } from '../table.ts';
import type { Comparison, Line } from './compare.ts';
import type { Verdict } from './verdict.ts';

const WORDS: Readonly<Record<Line['unit'], Readonly<Record<Verdict, string>>>> = {
  microseconds: { worse: 'SLOWER', better: 'faster', same: 'same', unclear: 'unclear' },
  bytes: { worse: 'LARGER', better: 'smaller', same: 'same', unclear: 'unclear' },
};

const ratioText = (ratio: number): string => ratio.toFixed(3);

/** The lines with their verdicts. */
const lineCells = (lines: readonly Line[]): Cells => [
  ['', 'backend', 'before', 'after', 'ratio', '95 % interval', 'limit', 'pairs', 'verdict'],
  ...lines.map(({ row, backend, unit, before, after, ratio, lower, upper, limit, pairs, verdict }) => {
    const text = unit === 'bytes' ? kilobytes : duration;
    const interval = unit === 'bytes' ? 'exact' : `${ratioText(lower)} – ${ratioText(upper)}`;
    const bounds = [ratioText(ratio), interval, ratioText(limit), `${pairs}`];
    return [row, backend, text(before), text(after), ...bounds, WORDS[unit][verdict]];
  }),
];

export function comparisonText({ commits, lines, notes }: Comparison): string {
  const unclear = lines.filter(({ verdict }) => verdict === 'unclear').length;
  return [
    `before: ${commits.before}`,
    `after:  ${commits.after}`,
    '',
    columns(lineCells(lines)),
    '',
    ...notes,
    ...(unclear > 0
      ? [
          `${unclear} unclear: the interval reaches above the limit; without --quick, or on a quieter machine, it is narrower.`,
        ]
      : []),
  ].join('\n');
}

/** Why the run fails; empty where it does not. */
export function failures({ lines, problems }: Comparison): readonly string[] {
  const worse = lines.filter(({ verdict }) => verdict === 'worse');
  return [
    ...problems,
    ...worse.map(
      ({ row, backend, lower, limit, unit }) =>
        `${row}: ${backend} ${unit === 'bytes' ? 'loads' : 'takes'} at least ${ratioText(lower)} times what it did; ` +
        `${ratioText(limit)} is allowed.`,
    ),
  ];
}
