/** What workers do for the page. */
export type Part = 'compiler' | 'run' | 'training';

/** A worker that does a part, until the page is left. */
export function openWorker(part: Part, left: AbortSignal): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: part });
  left.addEventListener('abort', () => worker.terminate());
  return worker;
}
