import { ableTo, candidates, contestants, peers, startContestant } from './contestants.ts';
import { gpuNotes } from './gpu-notes.ts';
import { demandOf } from './limits.ts';
import { measure, type Patience } from './measure.ts';
import { nativeLimits } from './native-limits.ts';
import { COLD, type Options, PAGE } from './options.ts';
import { pageBytes } from './page.ts';
import type { Peer } from './peer.ts';
import { problemOf } from './problem.ts';
import { type Contestant, coldStart, type Timed } from './processes.ts';
import { type Program, programsHere } from './programs.ts';
import { readingTime } from './reading.ts';
import type { ColdRow, PageRow, Report, TimedRow, Times } from './report.ts';
import { residualsOf } from './residuals.ts';
import { differenceOf, largestDifference, type Summary, summarize } from './statistics.ts';
import { coldTable, pageTable, workTable } from './table.ts';
import { coldWork, type Work, works } from './works.ts';

/** How far results may be apart, in any element; see `differenceOf`. */
const TOLERANCE = 1e-5;

const QUICK: Patience = { total: 200, turn: 3, warmUp: 150, fewestTurns: 1, mostTurns: 50 };
const FULL: Patience = { total: 1500, turn: 4, warmUp: 800, fewestTurns: 3, mostTurns: 300 };
const COLD_STARTS = { quick: 3, full: 15 } as const;

/** Runs the rows, printing each when it is done. */
export async function runRows({ rows, contestants: asked, quick, json }: Options): Promise<Omit<Report, 'machine'>> {
  const all = await contestants(asked);
  const programs = programsHere(asked);
  if (all.length + programs.length === 0) {
    const problems = [`Nobody called ${asked?.join(' or ')} can take part on this machine.`];
    return { quick, backends: [], notes: [], timed: [], cold: [], page: [], problems };
  }
  const problems: string[] = [];
  const print = (text: string): void => (json ? undefined : console.log(text));
  const timed: TimedRow[] = [];
  const wanted = works.filter(({ id }) => rows.includes(id));
  const limits = nativeLimits(wanted);
  for (const work of wanted) {
    const measured = await runWork(work, { peers: all, programs }, quick ? QUICK : FULL, problems);
    const native = limits.get(work.id);
    const row = { ...measured, ...(native && { native }) };
    timed.push(row);
    print(workTable(row));
  }
  const cold = rows.includes(COLD) ? await runCold(all, quick ? COLD_STARTS.quick : COLD_STARTS.full, problems) : [];
  if (cold.length > 0) print(coldTable(cold));
  const page = rows.includes(PAGE) ? await runPage(await candidates(asked), problems) : [];
  if (page.length > 0) print(pageTable(page));
  const backends = all.filter((peer) => !peers.includes(peer) && !peer.onGpu).map(({ name }) => name);
  const notes = all.flatMap(({ name, note }) => (note ? [`${name}: ${note}`] : []));
  notes.push(...(await gpuNotes(programs)));
  print(`\n${notes.join('\n')}`);
  return { quick, backends, notes, timed, cold, page, problems };
}

/** Everyone who takes part. */
interface Field {
  readonly peers: readonly Peer[];
  readonly programs: readonly Program[];
}

/** Starts everyone, compares their results with the first one's, and lets them take turns. */
async function runWork(work: Work, field: Field, patience: Patience, problems: string[]): Promise<TimedRow> {
  const problem = problemOf(work);
  const starting: [name: string, Promise<Contestant>][] = [];
  for (const peer of await ableTo(work, field.peers)) starting.push([peer.name, startContestant(peer, work)]);
  for (const { name, does, start } of field.programs) if (does(work)) starting.push([name, start(problem)]);
  const ready: Contestant[] = [];
  for (const [index, started] of (await Promise.allSettled(starting.map(([, promise]) => promise))).entries()) {
    if (started.status === 'fulfilled') ready.push(started.value);
    else problems.push(`${work.id}: ${starting[index]![0]} did not start: ${(started.reason as Error).message}`);
  }
  try {
    const others = new Set(field.peers.filter(({ sameEquations }) => !sameEquations).map(({ name }) => name));
    const reference = ready[0]!;
    const equal = ready.filter(({ name, results }) => {
      const difference = others.has(name) ? 0 : differenceOf(reference.results, results);
      if (difference <= TOLERANCE) return true;
      problems.push(`${work.id}: ${name} differs from ${reference.name} by ${difference} and is not timed.`);
      return false;
    });
    const summaries = await measure([...equal, ...equal.flatMap(({ parts }) => [...parts.values()])], patience);
    const times = equal.map((contestant) => timesOf(contestant, summaries));
    const reading = readingTime(demandOf(work).weightBytes);
    return { work, reading, times, ...(work.kind === 'training' ? { residuals: residualsOf(work) } : {}) };
  } finally {
    for (const contestant of ready) contestant.close();
  }
}

function timesOf(contestant: Contestant, summaries: ReadonlyMap<Timed, Summary>): Times {
  const { name, parts } = contestant;
  const microseconds = summaries.get(contestant)!;
  if (parts.size === 0) return { name, microseconds };
  const entries = [...parts].map(([part, timed]) => [part, summaries.get(timed)!]);
  return { name, microseconds, parts: Object.fromEntries(entries) };
}

/** Fresh processes in turns. */
async function runCold(all: readonly Peer[], starts: number, problems: string[]): Promise<ColdRow[]> {
  const measured = new Map<string, number[]>();
  let reference: Float32Array | undefined;
  const able = await ableTo(coldWork, all);
  for (let round = 0; round < starts; round++) {
    for (const { name } of able) {
      try {
        const { nanoseconds, state } = await coldStart(name);
        reference ??= state;
        const difference = largestDifference(reference, state);
        if (!(difference <= TOLERANCE)) throw new Error(`its first result differs by ${difference}`);
        measured.set(name, [...(measured.get(name) ?? []), nanoseconds / 1e6]);
      } catch (error) {
        problems.push(`${COLD}: ${name}: ${(error as Error).message}`);
      }
    }
  }
  return [...measured].map(([name, values]) => ({ name, milliseconds: summarize(values) }));
}

async function runPage(all: readonly Peer[], problems: string[]): Promise<PageRow[]> {
  const rows: PageRow[] = [];
  for (const { name, page, pageLoadsPackages } of all) {
    if (!page) continue;
    try {
      rows.push({ name, ...(await pageBytes(page, pageLoadsPackages)) });
    } catch (error) {
      problems.push(`${PAGE}: ${name} could not be built: ${(error as Error).message}`);
    }
  }
  return rows;
}
