// The script of every worker, so that what they have in common is loaded once; a worker's name says which part it is.
import type { Part } from './open-worker.ts';

const parts: Readonly<Record<Part, () => Promise<unknown>>> = {
  compiler: () => import('./compiler/worker.ts'),
  run: () => import('./run/worker.ts'),
  training: () => import('./training/worker.ts'),
};

/** What is sent before the part has been loaded would find nobody who listens. */
const early: MessageEvent[] = [];
const keep = (event: MessageEvent): number => early.push(event);

addEventListener('message', keep);
await parts[self.name as Part]();
removeEventListener('message', keep);
for (const { data } of early) dispatchEvent(new MessageEvent('message', { data }));
