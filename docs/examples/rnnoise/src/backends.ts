import { ifAvailable } from '@congruent/conformance';
import type { LayerClass } from '@congruent/runtime';

/** The network's class, as each backend has it. */
export type Rnnoise = LayerClass<
  {
    inputs: ['x'];
    states: [...ConvolutionStates, 'gru1.h', 'gru2.h', 'gru3.h'];
    outputs: ['gains', 'vad'];
    sizes: never;
  },
  'sync'
>;

/** The inputs that the convolutions remember. */
export type ConvolutionStates = ['conv1.x_2', 'conv1.x_1', 'conv2.x_2', 'conv2.x_1'];

/** Backends, the fastest first. */
export const BACKENDS = ['native', 'wasm', 'scalar'] as const;

export type BackendName = (typeof BACKENDS)[number];

/** The folder of the classes that are generated for a backend. */
export const generatedFor = (backend: BackendName): URL => new URL(`../dist/generated/${backend}/`, import.meta.url);

/** Why a backend cannot be had on this machine; undefined where it can. */
export async function unavailable(backend: BackendName): Promise<string | undefined> {
  const found = await ifAvailable(() => import(`@congruent/${backend}`));
  return 'unavailable' in found ? found.unavailable : undefined;
}

/** The class that was generated for a backend. */
export const classOf = async (backend: BackendName): Promise<Rnnoise> =>
  (await import(new URL('rnnoise.js', generatedFor(backend)).href)).Rnnoise;

/** The first backend that runs here. */
export async function bestBackend(): Promise<BackendName> {
  for (const backend of BACKENDS) if ((await unavailable(backend)) === undefined) return backend;
  throw new Error('unreachable: scalar runs everywhere');
}
