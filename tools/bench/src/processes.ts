import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A contestant that waits in its own process. */
export interface Contestant {
  readonly name: string;
  /** The results of the work, for comparison. */
  readonly results: Float32Array;
  /** Nanoseconds that `times` runs took. */
  run(times: number): Promise<number>;
  close(): void;
}

const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** Starts a worker on a row and waits until it is ready. */
export async function startWorker(name: string, row: string): Promise<Contestant> {
  const child = start('worker', [name, row]);
  const results = await reply<Float32Array>(child, name);
  return {
    name,
    results,
    run: async (times) => {
      const answer = reply<number>(child, name);
      child.send(times);
      return answer;
    },
    close: () => child.disconnect(),
  };
}

/** Imports a contestant in a fresh process and takes its first result. */
export async function coldStart(name: string): Promise<{ nanoseconds: number; state: Float32Array }> {
  const child = start('cold', [name]);
  const answer = await reply<{ nanoseconds: number; state: Float32Array }>(child, name);
  if (child.exitCode === null) await once(child, 'exit');
  return answer;
}

/** What peers print stays out of the tables, but is there when one fails. */
function start(name: string, args: readonly string[]): ChildProcess {
  const child = fork(script(name), args, { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  return child;
}

function reply<T>(child: ChildProcess, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const print = (text: Buffer) => {
      printed = `${printed}${text}`.slice(-2000);
    };
    const exit = (code: number | null) => reject(new Error(`${name} ended with code ${code}:\n${printed}`));
    const streams = [child.stdout!, child.stderr!];
    for (const stream of streams) stream.on('data', print);
    child.once('exit', exit);
    child.once('message', (message: T) => {
      child.off('exit', exit);
      for (const stream of streams) stream.off('data', print).resume();
      resolve(message);
    });
  });
}
