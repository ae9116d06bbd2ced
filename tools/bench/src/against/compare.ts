import { findBackends } from '../backends.ts';
import { ableTo, isAsked } from '../contestants.ts';
import { COLD, type Options, PAGE } from '../options.ts';
import type { Peer } from '../peer.ts';
import { coldWork, works } from '../works.ts';
import { coldPair, pageBytesOf, workPair } from './measured.ts';
import { type Judged, judge } from './pairs.ts';
import { FULL, type Patience, QUICK } from './patience.ts';
import { SIDES, type SideName, type Sides } from './sides.ts';
import { LIMIT, limitOf, verdictOn } from './verdict.ts';

/** A row of one backend, before and after. */
export interface Line extends Judged {
  readonly row: string;
  readonly backend: string;
  readonly unit: 'microseconds' | 'bytes';
}

/** What `--json` prints. */
export interface Comparison {
  readonly commits: Readonly<Record<SideName, string>>;
  readonly quick: boolean;
  readonly lines: readonly Line[];
  /** What only one side has. */
  readonly notes: readonly string[];
  /** Whatever both sides have and could not be compared. */
  readonly problems: readonly string[];
}

/** Compares every row of every backend that both sides have, saying what comes of each as it is done. */
export async function compare({ rows, contestants, quick }: Options, sides: Sides): Promise<Comparison> {
  const patience = quick ? QUICK : FULL;
  const [lines, notes, problems]: [Line[], string[], string[]] = [[], [], []];
  const [before, after] = await Promise.all(SIDES.map((side) => backendsOf(sides[side].packages, contestants)));
  const all = { before: before!, after: after! };
  both('', all, notes);
  for (const row of rows) {
    for (const backend of both(`${row}: `, await takingPart(row, all), row === PAGE || row === COLD ? [] : notes)) {
      try {
        const line = { row, backend, ...(await judgeRow(row, backend, sides, patience)) };
        console.error(`${row}, ${backend}: ${line.verdict}, ${line.pairs} pairs`);
        lines.push(line);
      } catch (error) {
        problems.push(`${row}: ${backend} could not be compared: ${(error as Error).message}`);
      }
    }
  }
  if (lines.length === 0) problems.push('There is nothing that both sides have: see the notes, or ask for less.');
  const commits = { before: sides.before.commit, after: sides.after.commit };
  return { commits, quick, lines, notes: [...new Set(notes)], problems };
}

type Backends = Readonly<Record<SideName, readonly Peer[]>>;

/** Those asked for, or else all that the processor runs; of a backend with a choice of devices none, as it trains on one. */
async function backendsOf(packages: string, asked: readonly string[] | undefined): Promise<readonly Peer[]> {
  const found = await findBackends(packages);
  const wanted = found.filter(({ name, oneOfDevices }) => (asked ? isAsked(name, asked) : !oneOfDevices));
  const offered = await Promise.all(wanted.map((peer) => peer.offered?.() ?? true));
  return wanted.filter((_, index) => offered[index]);
}

async function takingPart(row: string, { before, after }: Backends): Promise<Backends> {
  if (row === PAGE) {
    const [old, now] = [before, after].map((side) => side.filter(({ page }) => page));
    return { before: old!, after: now! };
  }
  const work = row === COLD ? coldWork : works.find(({ id }) => id === row)!;
  const [old, now] = await Promise.all([before, after].map((side) => ableTo(work, side)));
  return { before: old!, after: now! };
}

/** The names that both sides have; notes those that one lacks. */
export function both(where: string, { before, after }: Backends, notes: string[]): string[] {
  const [old, now] = [before, after].map((side) => side.map(({ name }) => name));
  for (const name of old!) if (!now!.includes(name)) notes.push(`${where}${name} took part before and no longer does.`);
  for (const name of now!) if (!old!.includes(name)) notes.push(`${where}${name} takes part since.`);
  return now!.filter((name) => old!.includes(name));
}

type Measured = Judged & Pick<Line, 'unit'>;

async function judgeRow(row: string, backend: string, sides: Sides, patience: Patience): Promise<Measured> {
  if (row === PAGE) {
    const pair = await pageBytesOf(backend, sides);
    const exact = { ...pair, lower: pair.ratio, upper: pair.ratio };
    return { ...exact, pairs: 1, limit: LIMIT, verdict: verdictOn(exact, LIMIT), unit: 'bytes' };
  }
  if (row === COLD) {
    const measure = (index: number) => coldPair(backend, sides, index);
    return { ...(await judge(measure, patience.starts, () => LIMIT)), unit: 'microseconds' };
  }
  const work = works.find(({ id }) => id === row)!;
  const measure = (index: number) => workPair(backend, work, sides, index, patience.turns);
  return { ...(await judge(measure, patience.pairs, (before) => limitOf(work.kind, before))), unit: 'microseconds' };
}
