import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ifAvailable } from '@congruent/conformance';
import { type Tensor, tensor } from '@congruent/runtime';
import {
  type BackendModule,
  type Layer,
  type LayerClass,
  onReply,
  optionsOf,
  stateDict,
  under,
} from './backend-layer.ts';
import { streamWithParts } from './backend-stream.ts';
import { train } from './backend-training.ts';
import { CELLS } from './cells.ts';
import { generateClasses, generatedModule } from './generated-classes.ts';
import { mapParts } from './parts.ts';
import type { Peer } from './peer.ts';
import { stepsOf } from './problem.ts';
import { layersOf, type Work } from './works.ts';

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

/**
 * The backends of a workspace, every package that has an emitter, and the variants that they might offer.
 *
 * @param packages  the folder of the packages, as an address. Default: this checkout's
 */
export async function findBackends(packages: string = here): Promise<Peer[]> {
  return (await findPackages(packages)).flatMap(contestantsOf);
}

/** The packages of backends: those that have an emitter. */
export async function findPackages(packages: string = here): Promise<Package[]> {
  const folders = (await readdir(new URL(packages))).sort();
  const found = await Promise.all(folders.map((folder) => packageIn(packages, folder)));
  return found.filter((each) => each !== undefined);
}

/** A backend's package. */
export interface Package {
  readonly name: string;
  /** Its entries, as addresses: the whole package, and what a page imports that only infers. */
  readonly whole: string;
  readonly inference: string;
  /** The folder that it is in, as an address. */
  readonly packages: string;
  /** Whether classes of other cells can be generated for it. */
  readonly generates: boolean;
  /** Whether a page can load it. */
  readonly runsInPages: boolean;
}

async function packageIn(packages: string, folder: string): Promise<Package | undefined> {
  const at = new URL(`${folder}/`, packages);
  const emitter = await readdir(new URL('codegen', at)).catch(() => undefined);
  if (!emitter) return undefined;
  const { name, exports, publishConfig } = JSON.parse(await readFile(new URL('package.json', at), 'utf8'));
  const entry = (path: string): string => new URL(exports[path].default, at).href;
  const whole = entry('.');
  const inference = './inference' in exports ? entry('./inference') : whole;
  const generates = './emitter' in exports && './define' in exports;
  // What has machine code is staged, a package beside it for each platform, and runs in no page.
  const runsInPages = publishConfig?.directory === undefined;
  return { name, whole, inference, packages, generates, runsInPages };
}

/** A backend, and its variants. */
function contestantsOf(from: Package): Peer[] {
  const { whole, inference, runsInPages } = from;
  return [
    {
      ...backend(from),
      ...(runsInPages && { page: pageOf(inference), pageLoadsPackages: true }),
      offered: () => hasNoChoice(whole),
    },
    ...Object.entries(VARIANTS).map(([variant, options]) => ({
      ...backend(from, variant),
      onGpu: variant === GPU,
      oneOfDevices: 'device' in options,
      offered: () => offers(whole, options),
    })),
  ];
}

/** Whether one device runs it; otherwise each is a contestant. One that this machine cannot have says so, and takes no part. */
async function hasNoChoice(module: string): Promise<boolean> {
  const found = await ifAvailable<BackendModule>(() => import(module));
  if ('module' in found) return found.module.backend.devices === undefined;
  console.error(`Not on this machine: ${found.unavailable}`);
  return false;
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

/** The module with the class of a work's cell. */
function moduleFor({ cell, kind }: Work, { name, whole, inference, packages }: Package): string {
  if (CELLS[cell].generated) return generatedModule(packages, name, cell);
  return kind === 'training' ? whole : inference;
}

/** Whether there is the class of a work's cell: an older backend may have fewer. */
async function hasClass(work: Work, from: Package): Promise<boolean> {
  const { className, generated } = CELLS[work.cell];
  return generated ? from.generates : className in (await import(moduleFor(work, from)));
}

function backend(from: Package, variant?: string): Peer {
  return {
    name: variant ? `${from.name}, ${variant}` : from.name,
    sameEquations: true,
    does: async (work) =>
      (await hasClass(work, from)) && (work.kind !== 'training' || (await trains(from.whole, variant))),
    async setUp({ cell }) {
      if (CELLS[cell].generated) await generateClasses(from.packages, from.name);
    },
    async prepare(problem) {
      const { work } = problem;
      const parameters = stateDict(problem);
      const inputs = stepsOf(problem);
      const open = async (work: Work, parameters: Readonly<Record<string, Tensor>>): Promise<Layer> => {
        const classes: Readonly<Record<string, LayerClass>> = await import(moduleFor(work, from));
        const options = { ...optionsOf(work), ...(variant ? VARIANTS[variant] : {}) };
        const layer = await classes[CELLS[work.cell].className]!.create(options);
        layer.loadStateDict(parameters);
        layer.eval();
        return layer;
      };
      return async () => {
        const layer = await open(work, parameters);
        if (work.kind === 'training') return train(layer, problem);
        if (work.kind === 'step') {
          const parts = mapParts(layersOf(work), async (part, name) => open(part, under(parameters, name)));
          return streamWithParts(layer, parts, work.batch, inputs);
        }
        const input = tensor(problem.input, [work.steps, work.batch, work.inputSize]);
        return { run: () => onReply(layer.forward(input), ({ output }) => output.data as Float32Array) };
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
