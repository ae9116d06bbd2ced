import { type BackendModule, ifAvailable } from '@congruent/conformance';
import { findPackages } from '../backends.ts';
import { peerVersions } from '../folder.ts';
import { brain } from './brain.ts';
import { jax } from './jax.ts';
import { judge, judgeBackend, type Verdict } from './judge.ts';
import { onnxruntimeNode, onnxruntimeWeb } from './onnxruntime.ts';
import type { PeerAdapter } from './peer-adapter.ts';
import { tfjs } from './tfjs.ts';

/** Every peer, in the order of the page. */
export const peers: readonly PeerAdapter[] = [onnxruntimeNode, onnxruntimeWeb, tfjs, jax, brain];

/** Of a backend with several devices, the one that every machine has. */
const DEVICE = 'cpu';

/** Everyone who is held to the suite: this workspace's backends, then their peers. */
export async function contestantNames(): Promise<string[]> {
  return [...(await findPackages()).map(({ name }) => name), ...peers.map(({ name }) => name)];
}

/** What became of a contestant, or why this machine cannot have it. */
export type Judged =
  | { readonly verdicts: readonly Verdict[]; readonly mode: string }
  | { readonly unavailable: string };

/** Holds one of them to the suite. */
export async function judgeCalled(wanted: string): Promise<Judged> {
  const peer = peers.find(({ name }) => name === wanted);
  if (peer) return { verdicts: await judge(peer), mode: peerVersions()[peer.packageName]! };
  const backend = (await findPackages()).find(({ name }) => name === wanted);
  if (!backend) throw new Error(`There is no contestant '${wanted}'.`);
  const found = await ifAvailable<BackendModule>(() => import(backend.whole));
  if ('unavailable' in found) return found;
  const hasChoice = found.module.backend.devices !== undefined;
  const verdicts = await judgeBackend(found.module, hasChoice ? { device: DEVICE } : {});
  return { verdicts, mode: hasChoice ? `on the device ${DEVICE}` : '' };
}
