/** What workers do for the page. */
export type Part = 'compiler' | 'run' | 'training';

const WORK: Readonly<Record<Part, string>> = { compiler: 'compiles', run: 'runs the cell', training: 'trains it' };

/**
 * A worker that does a part, until the page is left.
 *
 * @param lost  takes the words for the reader, where it could not be loaded, or has ended
 */
export function openWorker(part: Part, left: AbortSignal, lost: (words: string) => void): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: part });
  left.addEventListener('abort', () => worker.terminate());
  worker.addEventListener('error', () => {
    lost(`What ${WORK[part]} could not be loaded, or has ended. Load the page again.`);
  });
  return worker;
}
