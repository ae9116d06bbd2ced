import { findBackends } from './backends.ts';
import type { Peer } from './peer.ts';
import { brain } from './peers/brain.ts';
import { jax } from './peers/jax.ts';
import { onnxruntimeNode, onnxruntimeWeb } from './peers/onnxruntime.ts';
import { tfjs } from './peers/tfjs.ts';

/** Everyone else. */
export const peers: readonly Peer[] = [onnxruntimeWeb, onnxruntimeNode, tfjs, jax, brain];

/** Who takes part: this workspace's backends, then their peers. */
export async function contestants(): Promise<readonly Peer[]> {
  const all = await candidates();
  const offered = await Promise.all(all.map((peer) => peer.offered?.() ?? true));
  return all.filter((_, index) => offered[index]);
}

/** One of them by name, without importing anyone: its process may be there to time just that. */
export async function contestantCalled(wanted: string): Promise<Peer> {
  const peer = (await candidates()).find(({ name }) => name === wanted);
  if (!peer) throw new Error(`There is no contestant '${wanted}'.`);
  return peer;
}

const candidates = async (): Promise<readonly Peer[]> => [...(await findBackends()), ...peers];
