import {
  type BackendModule,
  type Check,
  type CheckResult,
  type ConformanceOptions,
  checks,
  recordedBound,
  runConformance,
} from '@congruent/conformance';
import { Asked } from './asked.ts';
import type { PeerAdapter } from './peer-adapter.ts';
import { peerModule } from './peer-module.ts';

/** What became of a check. */
export interface Verdict {
  readonly cell: string;
  readonly group: string;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'not offered';
  /** Why it failed or is not offered. */
  readonly reason?: string;
}

const REFUSED = 'what `backend.supports` says that it has not, and what it refuses as documented';

/** Reasons that hold for every peer. */
const ERRORS = "errors: congruent's codes, in torch's words";
const SURFACE = "congruent's own surface (options, state dicts, packing), of which nothing asks a peer";
const SUBNORMALS = 'numbers below 2^-126, which its documentation does not promise';
const NO_ROWS = 'an empty batch of 2³² steps, of which no documentation speaks';
const SAME_BITS = 'the same bits, however sequences are put together, which its documentation does not promise';

/** Holds a peer to the suite: to every check, or to those that are selected. */
export async function judge(peer: PeerAdapter, select: (check: Check) => boolean = () => true): Promise<Verdict[]> {
  const asked = new Asked();
  const module = peerModule(peer, asked);
  const verdicts: Verdict[] = [];
  for (const check of checks.filter(select)) {
    const { group, title, kind } = check;
    asked.forget();
    const unclaimed = unclaimedBy(check);
    const found = unclaimed ? notOffered(unclaimed) : await verdictOf(check, asked, () => module);
    verdicts.push({ cell: kind.cell.name, group, title, ...found });
  }
  return verdicts;
}

/** What the suite says of a backend, in the same words. */
export async function judgeBackend(module: BackendModule, options: ConformanceOptions['options']): Promise<Verdict[]> {
  const { results } = await runConformance(() => module, { options });
  return results.map(({ cell, group, title, status, reason }) => {
    const of = { cell, group, title };
    if (status === 'failed') return { ...of, status, reason: reason! };
    return isRefused(title, status) ? { ...of, ...notOffered(REFUSED) } : { ...of, status: 'passed' };
  });
}

/** What is refused as documented. Where bits are not promised the suite says so too, but has held them to an interval. */
const isRefused = (title: string, status: CheckResult['status']): boolean =>
  status === 'refused' && !/else (is|are) enclosed/.test(title);

type Found = Pick<Verdict, 'status' | 'reason'>;

const notOffered = (reason: string): Found => ({ status: 'not offered', reason });

/** Why no peer is asked for what a check is about; undefined where it is. */
function unclaimedBy({ title, group }: Check): string | undefined {
  if (title.includes('CONGRUENT_') && !title.includes('backend.supports')) return ERRORS;
  if (group === 'state dict') return SURFACE;
  if (title.startsWith('C32')) return SUBNORMALS;
  return title.includes('whatever number of steps') ? NO_ROWS : undefined;
}

async function verdictOf(check: Check, asked: Asked, factory: Parameters<typeof runConformance>[0]): Promise<Found> {
  const options: ConformanceOptions = { select: (each) => each === check };
  const { results } = await runConformance(factory, options);
  const { status, reason = '' } = results.find((result) => result.status !== 'skipped')!;
  const [refused] = asked.refused;
  if (refused !== undefined) return notOffered(refused);
  if (!asked.any) return notOffered(SURFACE);
  if (status !== 'failed') return isRefused(check.title, status) ? notOffered(REFUSED) : { status: 'passed' };
  if (/^(expected )?(a CongruentError )?CONGRUENT_/.test(reason)) return notOffered(ERRORS);
  return isRounding(reason) ? notOffered(SAME_BITS) : { status, reason };
}

/** Whether a failure is that bits differ where values are as near as any result must be to PyTorch's. */
function isRounding(reason: string): boolean {
  const found = /expected (\S+), off by (\S+), bound the same bits/.exec(reason);
  if (!found) return false;
  const [expected, off] = [Number(found[1]), Number(found[2])];
  return off <= recordedBound('float32', [expected], undefined)(expected);
}
