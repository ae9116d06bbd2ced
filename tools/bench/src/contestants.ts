import { findAdapter } from './adapter.ts';
import { findBackends } from './backends.ts';
import type { Peer } from './peer.ts';
import { brain } from './peers/brain.ts';
import { jax } from './peers/jax.ts';
import { onnxruntimeNode, onnxruntimeWeb } from './peers/onnxruntime.ts';
import { tfjs, tfjsCpu } from './peers/tfjs.ts';
import { type Contestant, startWorker } from './processes.ts';
import type { Work } from './works.ts';

/** Everyone else. */
export const peers: readonly Peer[] = [onnxruntimeWeb, onnxruntimeNode, tfjs, tfjsCpu, jax, brain];

/** Whether a contestant is among those asked for by a part of the name; all are where nobody was. */
export const isAsked = (name: string, asked: readonly string[] | undefined): boolean =>
  asked === undefined || asked.some((part) => name.includes(part));

/** Everyone asked for, whether they can take part here or not: this workspace's backends, then their peers. */
export const candidates = async (asked?: readonly string[]): Promise<readonly Peer[]> =>
  [...(await findBackends()), ...peers].filter(({ name }) => isAsked(name, asked));

/** Those who take part. A GPU that software emulates does so only where it is asked for. */
export async function contestants(asked?: readonly string[]): Promise<readonly Peer[]> {
  const all = await candidates(asked);
  const emulated = asked === undefined && (await findAdapter())?.software === true;
  const offered = await Promise.all(all.map((peer) => !(emulated && peer.onGpu) && (peer.offered?.() ?? true)));
  return all.filter((_, index) => offered[index]);
}

/** Those who can do a work. */
export async function ableTo(work: Work, all: readonly Peer[]): Promise<readonly Peer[]> {
  const able = await Promise.all(all.map((peer) => peer.does(work)));
  return all.filter((_, index) => able[index]);
}

/**
 * Starts a contestant's process on a row, with what it needs in place.
 *
 * @param packages  the folder whose backends are meant; see `findBackends`
 */
export async function startContestant(peer: Peer, work: Work, packages?: string): Promise<Contestant> {
  await peer.setUp?.(work);
  return startWorker(peer.name, work.id, packages);
}

/**
 * One of them by name, without importing anyone: its process may be there to time just that.
 *
 * @param packages  the folder whose backends are meant; see `findBackends`
 */
export async function contestantCalled(wanted: string, packages?: string): Promise<Peer> {
  const peer = [...(await findBackends(packages)), ...peers].find(({ name }) => name === wanted);
  if (!peer) throw new Error(`There is no contestant '${wanted}'.`);
  return peer;
}
