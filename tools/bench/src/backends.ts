import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BackendInfo, type GRUClass, type GRUOptions, type Tensor, tensor } from '@congruent/runtime';
import { train } from './backend-training.ts';
import type { Peer } from './peer.ts';
import { type Problem, stepsOf } from './problem.ts';

/** The packages of this checkout. */
const here: string = new URL('../../../packages/', import.meta.url).href;

/** Options of a backend beyond torch's under which it is another contestant. */
const VARIANTS: Readonly<Record<string, object>> = {
  relaxed: { math: 'relaxed' },
  webgpu: { device: 'webgpu' },
  webasm: { device: 'webasm' },
  cpu: { device: 'cpu' },
};

/** The variant whose work a GPU does. */
const GPU = 'webgpu';

interface BackendModule {
  readonly GRU: GRUClass<'sync', object>;
  readonly backend: BackendInfo;
}

/**
 * The backends of a workspace, every package that has an emitter, and the variants that they might offer.
 *
 * @param packages  the folder of the packages, as an address. Default: this checkout's
 */
export async function findBackends(packages: string = here): Promise<Peer[]> {
  const folders = (await readdir(new URL(packages))).sort();
  const found = await Promise.all(folders.map((folder) => backendsIn(new URL(`${folder}/`, packages))));
  return found.flat();
}

/** A backend's entries, as addresses: the whole package, and what a page imports that only infers. */
interface Entries {
  readonly whole: string;
  readonly inference: string;
}

async function backendsIn(folder: URL): Promise<Peer[]> {
  const emitter = await readdir(new URL('codegen', folder)).catch(() => undefined);
  if (!emitter) return [];
  const { name, exports } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'));
  const entry = (path: string): string => new URL(exports[path].default, folder).href;
  const whole = entry('.');
  const entries = { whole, inference: './inference' in exports ? entry('./inference') : whole };
  const page = pageOf(entries.inference);
  return [
    { ...backend(name, entries), page, pageLoadsPackages: true, offered: () => hasNoChoice(whole) },
    ...Object.entries(VARIANTS).map(([variant, options]) => ({
      ...backend(name, entries, variant),
      onGpu: variant === GPU,
      oneOfDevices: 'device' in options,
      offered: () => offers(whole, options),
    })),
  ];
}

/** Whether one device runs it; otherwise each is a contestant. */
async function hasNoChoice(module: string): Promise<boolean> {
  const { backend }: BackendModule = await import(module);
  return backend.devices === undefined;
}

/** Whether a backend takes an option here: if not it says so with a code. */
async function offers(module: string, options: object): Promise<boolean> {
  try {
    const { GRU }: BackendModule = await import(module);
    (await GRU.create({ inputSize: 1, hiddenSize: 1, ...options })).dispose();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** Whether it has gradients. Of several devices only the GPU trains: the others are there for want of one. */
async function trains(module: string, variant: string | undefined): Promise<boolean> {
  const { backend }: BackendModule = await import(module);
  if (backend.devices === undefined) return backend.supports.training;
  return variant === GPU && backend.devices[GPU]?.training === true;
}

function backend(packageName: string, entries: Entries, variant?: string): Peer {
  return {
    name: variant ? `${packageName}, ${variant}` : packageName,
    sameEquations: true,
    does: ({ kind }) => kind !== 'training' || trains(entries.whole, variant),
    async prepare(problem) {
      const { work } = problem;
      const module = work.kind === 'training' ? entries.whole : entries.inference;
      const parameters = stateDict(problem);
      const created: GRUOptions = {
        inputSize: work.inputSize,
        hiddenSize: work.hiddenSize,
        numLayers: work.layers,
        bidirectional: work.directions === 2,
        ...(variant ? VARIANTS[variant] : {}),
      };
      const inputs = stepsOf(problem);
      return async () => {
        const { GRU }: BackendModule = await import(module);
        const gru = await GRU.create(created);
        gru.loadStateDict(parameters);
        gru.eval();
        if (work.kind === 'training') return train(gru, problem);
        if (work.kind === 'step') {
          const stream = gru.stream({ batchSize: work.batch });
          return { run: (index) => stream.step(inputs[index]!) as Float32Array };
        }
        const input = tensor(problem.input, [work.steps, work.batch, work.inputSize]);
        const first = gru.forward(input);
        // An async backend's class has the same type here; what it gives is a promise.
        if (first instanceof Promise) {
          return { run: async () => (await gru.forward(input)).output.data as Float32Array };
        }
        return { run: () => gru.forward(input).output.data as Float32Array };
      };
    },
  };
}

const pageOf = (module: string): string => `
  import { GRU } from ${JSON.stringify(fileURLToPath(module))};
  globalThis.infer = async (options, parameters, input) => {
    const gru = await GRU.create(options);
    gru.loadStateDict(parameters);
    return gru.forward(input);
  };`;

/** The weights under torch's names. */
export function stateDict({ work, layers }: Problem): Record<string, Tensor> {
  const { directions, hiddenSize } = work;
  const entries = layers.flatMap((sides, layer) =>
    sides.flatMap((weights, direction) =>
      Object.entries(weights).map(([name, data]: [string, Float32Array]) => {
        const rows = 3 * hiddenSize;
        const shape = name.startsWith('bias') ? [rows] : [rows, data.length / rows];
        return [`${name}_l${layer}${directions === 2 && direction === 1 ? '_reverse' : ''}`, tensor(data, shape)];
      }),
    ),
  );
  return Object.fromEntries(entries);
}
