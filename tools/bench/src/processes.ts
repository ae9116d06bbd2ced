import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What can be timed. */
export interface Timed {
  /** Nanoseconds that `times` runs took. */
  run(times: number): Promise<number>;
  /** The share of the work that a run does. Default: all of it. */
  readonly share?: number;
}

/** A contestant that waits in its own process. */
export interface Contestant extends Timed {
  readonly name: string;
  /** The results of the work, for comparison. */
  readonly results: readonly Float32Array[];
  /** What a run consists of, where that can be told apart. */
  readonly parts: ReadonlyMap<string, Timed>;
  close(): void;
}

/** What a worker sends first. */
export interface Ready {
  readonly results: readonly Float32Array[];
  /** The names of what a run consists of. */
  readonly parts: readonly string[];
  /** Of the work that a run does. */
  readonly share: number;
}

/** What a worker is asked for. */
export interface Demand {
  /** Undefined: the whole run. */
  readonly part: string | undefined;
  readonly times: number;
}

const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/**
 * Starts a worker on a row and waits until it is ready.
 *
 * @param packages  the folder whose backends are meant; see `findBackends`
 */
export async function startWorker(name: string, row: string, packages?: string): Promise<Contestant> {
  const child = start('worker', [name, row, ...(packages ? [packages] : [])]);
  const { results, parts, share } = await reply<Ready>(child, name);
  const timed = (part?: string): Timed => ({
    run: async (times) => {
      const answer = reply<number>(child, name);
      const demand: Demand = { part, times };
      child.send(demand);
      return answer;
    },
  });
  return {
    ...timed(),
    name,
    results,
    share,
    parts: new Map(parts.map((part) => [part, timed(part)])),
    close: () => child.disconnect(),
  };
}

/** A first result. */
export interface FirstResult {
  readonly nanoseconds: number;
  readonly state: Float32Array;
}

/** Imports a contestant in a fresh process and takes its first result. */
export function coldStart(name: string, packages?: string): Promise<FirstResult> {
  return answerOf<FirstResult>('cold', name, packages ? [packages] : []);
}

/** What a program says of a contestant, in a process of its own. */
export async function answerOf<T>(program: string, name: string, args: readonly string[] = []): Promise<T> {
  const child = start(program, [name, ...args]);
  const answer = await reply<T>(child, name);
  if (child.exitCode === null) await once(child, 'exit');
  return answer;
}

/** What peers print stays out of the tables, but is there when one fails. */
function start(name: string, args: readonly string[]): ChildProcess {
  return fork(script(name), args, { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
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
