// What is done over and over, on each backend: what a service, a page or a training script does for days.
import { Worker } from 'node:worker_threads';
import { Adam, mseLoss } from '@congruent/train';
import type { Backend, Method, Thing } from '../backends.ts';
import { workspace } from '../workspace.ts';
import type { Work } from './flat.ts';

type Tensor = { readonly data: Float32Array; readonly shape: readonly number[] };

const ofShape = (...shape: readonly number[]): Tensor => ({
  data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => Math.sin(i)),
  shape,
});

const create = async ({ classes, options }: Backend, more: object = {}): Promise<Thing> =>
  (await classes['GRU']!['create']!({ inputSize: 4, hiddenSize: 16, ...options, ...more })) as Thing;

/** A slot in a list or a property: nothing that is kept is smaller. */
const SLOT = 8;

/** An object, and its entry in a collection. */
const OBJECT = 64;

/** Parameters of a layer of 4 features and 16 states. */
const PARAMETERS = 4 * 3 * 16 * (4 + 16 + 2);

/** Steps of one stream, which is opened once. */
async function steps(backend: Backend): Promise<Work> {
  const stream = (await create(backend))['stream']!() as Thing;
  const step = stream['step']!;
  const x = new Float32Array(4);
  return {
    unit: 'step',
    least: SLOT,
    async run(units) {
      for (let i = 0; i < units; i++) {
        x[0] = i * 1e-6;
        const y = step.call(stream, x);
        if (!backend.sync) await y;
      }
    },
  };
}

/** The loop of the README, which only ever awaits what is there: no other task of the program gets its turn. */
async function training(backend: Backend): Promise<Work> {
  const [length, batch, hidden] = [20, 4, 16];
  const gru = await create(backend);
  const optimizer = new Adam({ lr: 0.001 });
  const [input, target] = [ofShape(length, batch, 4), ofShape(length, batch, hidden)];
  return {
    unit: 'training step',
    // One of the values that a run records.
    least: 4 * length * batch * hidden,
    still: backend.sync,
    async run(units) {
      for (let i = 0; i < units; i++) {
        const { output, pullback } = (await gru['vjp']!(input)) as { output: Tensor; pullback: Method };
        const { gradient } = mseLoss(output, target);
        const { parameters } = (await pullback({ output: gradient })) as { parameters: Record<string, Tensor> };
        gru['loadStateDict']!(optimizer.step(gru['stateDict']!() as Record<string, Tensor>, parameters));
      }
    },
  };
}

/** A layer with a stream and a recorded run, made and disposed of: a small one, so that there are many. */
async function lives(backend: Backend): Promise<Work> {
  const input = ofShape(1, 1, 1);
  return {
    unit: 'layer',
    least: OBJECT,
    async run(units) {
      for (let i = 0; i < units; i++) {
        const gru = await create(backend, { inputSize: 1, hiddenSize: 2, seed: i });
        const stream = gru['stream']!() as Thing;
        await stream['step']!(new Float32Array(1));
        await gru['vjp']!(input);
        stream['dispose']!();
        gru['dispose']!();
      }
    },
  };
}

/** The same, and nobody disposes of anything. */
async function dropped(backend: Backend): Promise<Work> {
  const input = ofShape(5, 2, 4);
  return {
    unit: 'layer',
    least: PARAMETERS,
    async run(units) {
      for (let i = 0; i < units; i++) {
        const gru = await create(backend, { seed: i });
        await (gru['stream']!() as Thing)['step']!(new Float32Array(4));
        await gru['vjp']!(input);
      }
    },
  };
}

/** Streams of a layer that stays, which nobody disposes of. */
async function droppedStreams(backend: Backend): Promise<Work> {
  const gru = await create(backend);
  const x = new Float32Array(4);
  return {
    unit: 'stream',
    least: OBJECT,
    async run(units) {
      for (let i = 0; i < units; i++) await (gru['stream']!() as Thing)['step']!(x);
    },
  };
}

/** A thousand streams in turns, each with the bits that it has alone. */
async function streams(backend: Backend): Promise<Work> {
  const count = 1000;
  const gru = await create(backend, { numLayers: 2 });
  const open = (): Thing => gru['stream']!({ h0: ofShape(2, 1, 16) }) as Thing;
  const inputOf = (i: number, t: number): Float32Array =>
    Float32Array.from({ length: 4 }, (_, k) => Math.sin(i + 7 * t + k));
  const textOf = (y: unknown): string => Buffer.from((y as Float32Array).buffer).toString('base64');
  const length = 8;
  const alone: string[] = [];
  for (let i = 0; i < count; i++) {
    const stream = open();
    for (let t = 0; t < length; t++) {
      const y = await stream['step']!(inputOf(i, t));
      if (t === length - 1) alone.push(textOf(y));
    }
    stream['dispose']!();
  }
  return {
    unit: `turn of ${count} streams`,
    least: count * OBJECT,
    async run(units) {
      for (let unit = 0; unit < units; unit++) {
        const all = Array.from({ length: count }, open);
        for (let t = 0; t < length; t++) {
          for (const [i, stream] of all.entries()) {
            const y = await stream['step']!(inputOf(i, t));
            if (t === length - 1 && textOf(y) !== alone[i])
              throw new Error(`stream ${i} of ${count} has other bits alone`);
          }
        }
        for (const stream of all) stream['dispose']!();
      }
    },
  };
}

/** Eight threads at once, each with layers of its own; all have the same bits, and end. */
async function threads({ name }: Backend): Promise<Work> {
  const start = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('tools/fuzz/dist/thread.js', workspace), { workerData: name });
      worker.once('error', reject);
      let bits: unknown;
      worker.once('message', (answer) => {
        bits = answer;
      });
      worker.once('exit', () => resolve(bits));
    });
  return {
    unit: 'round of 8 threads',
    // The heap that each begins with.
    least: 8 * 2 ** 20,
    where: 'process',
    async run(units) {
      for (let i = 0; i < units; i++) {
        const all = new Set(await Promise.all(Array.from({ length: 8 }, start)));
        if (all.size !== 1 || all.has(undefined)) throw new Error(`8 threads gave ${all.size} different results`);
      }
    },
  };
}

/** By name; `--only` takes these. First those that are done a number of times however long that takes. */
export const works: Readonly<Record<string, (backend: Backend) => Promise<Work>>> = {
  threads,
  streams,
  steps,
  training,
  lives,
  dropped,
  'dropped-streams': droppedStreams,
};

/** How many shares of the time: what leaves little behind is to be done often. */
export const sharesOf = (work: string): number =>
  ({ steps: 2, training: 3, lives: 6, dropped: 2, 'dropped-streams': 4 })[work] ?? 1;

/** Those of backends that are slow to answer are left to their own tests: one step of them takes as long as a thousand. */
export const suits = (work: string, { sync }: Backend): boolean => sync || work === 'training';
