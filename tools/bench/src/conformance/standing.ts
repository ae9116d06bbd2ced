import type { Verdict } from './judge.ts';

/** How many checks came out how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly notOffered: number;
}

/** What the page says of a contestant. */
export interface Standing {
  readonly name: string;
  /** A peer's version; of a backend with a choice of devices, which one. */
  readonly mode: string;
  readonly topics: Readonly<Record<string, Counts>>;
  readonly cells: Readonly<Record<string, Counts>>;
  /** What is not offered, and of how many checks. */
  readonly missing: Readonly<Record<string, number>>;
  readonly failures: readonly Failure[];
}

/** Checks that failed at one thing. */
export interface Failure {
  /** The group of the checks, or that numbers which are none got lost, in whatever group. */
  readonly at: string;
  readonly count: number;
  /** The first of them, and what it said. */
  readonly title: string;
  readonly message: string;
}

/** `vectors: cell` and the like are one topic. */
export const topicOf = ({ group }: Pick<Verdict, 'group'>): string => group.split(':')[0]!;

export function standingOf(name: string, mode: string, verdicts: readonly Verdict[]): Standing {
  const failed = grouped(verdicts, (verdict) => (verdict.status === 'failed' ? failedAt(verdict) : undefined));
  const missing = grouped(verdicts, ({ status, reason }) => (status === 'not offered' ? reason : undefined));
  return {
    name,
    mode,
    topics: countsBy(verdicts, topicOf),
    cells: countsBy(verdicts, ({ cell }) => cell),
    missing: Object.fromEntries(Object.entries(missing).map(([reason, all]) => [reason, all.length])),
    failures: Object.entries(failed).map(([at, all]) => {
      const [{ title, reason }] = all as [Verdict];
      return { at, count: all.length, title, message: shortened(reason!) };
    }),
  };
}

export const countsBy = (verdicts: readonly Verdict[], keyOf: (verdict: Verdict) => string): Record<string, Counts> =>
  Object.fromEntries(Object.entries(grouped(verdicts, keyOf)).map(([key, all]) => [key, countsOf(all)]));

function countsOf(verdicts: readonly Verdict[]): Counts {
  const count = (wanted: Verdict['status']) => verdicts.filter(({ status }) => status === wanted).length;
  return { passed: count('passed'), failed: count('failed'), notOffered: count('not offered') };
}

/** All together. */
export function sumOf(all: readonly Counts[]): Counts {
  const total = (key: keyof Counts) => all.reduce((sum, counts) => sum + counts[key], 0);
  return { passed: total('passed'), failed: total('failed'), notOffered: total('notOffered') };
}

/** By key, in the order in which keys appear; what has none is left out. */
function grouped(
  verdicts: readonly Verdict[],
  keyOf: (verdict: Verdict) => string | undefined,
): Record<string, Verdict[]> {
  const keys = verdicts.map(keyOf);
  const groups = [...new Set(keys)].filter((key) => key !== undefined);
  return Object.fromEntries(groups.map((key) => [key, verdicts.filter((_, index) => keys[index] === key)]));
}

/** What goes lost is one thing, wherever it does; C20 is the label of checks that are about just that. */
const failedAt = ({ title, group, reason }: Verdict): string =>
  /\bC20\b/.test(title) || /expected NaN/.test(reason!) ? 'NaN and ±Infinity among the operands' : group;

/** What a check says first, and of a property the example that it does not hold of. */
const shortened = (message: string): string =>
  message
    .split('\n')
    .filter((line, index) => index === 0 || line.startsWith('Counterexample'))
    .join('; ');
