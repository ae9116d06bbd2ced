import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { install, isInstalled } from '../../../../tools/testing/apart.mjs';
import { formatError } from './format-error.ts';

const folder = new URL('../original/', import.meta.url);

/** Whether the packages with RNNoise are there. */
export const originalsInstalled = (): boolean => isInstalled(folder);

/** Installs them, alone and from a lock file of their own, where they are not there. */
export const installOriginals = (): void => install(folder, "RNNoise's packages into original/ (7 MB)");

/** A package with RNNoise in it. */
export interface Original {
  /** Its name and version. */
  readonly title: string;
  /** The JavaScript that a page loads of it. */
  read(): Promise<string>;
  /** RNNoise itself, ready for its first frame. */
  open(): Promise<Running>;
}

/** RNNoise itself, its feature extraction and synthesis included. */
export interface Running {
  /** Removes the noise from 10 ms of sound in place, samples up to ±32768; returns the probability of a voice. */
  processFrame(samples: Float32Array): number;
  destroy(): void;
}

/**
 * @param file  what a page loads; the package itself says where that is only to `import`
 * @param load  RNNoise, from the file's module
 */
function originalOf<Module>(name: string, file: string, load: (module: Module) => Promise<Running>): Original {
  const url = new URL(`node_modules/${name}/${file}`, folder);
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  return {
    title: `${name} ${dependencies[name]}`,
    read: () => readFile(url, 'utf8'),
    open: async () => {
      const module = (await import(url.href)) as Module;
      // It was compiled for pages, and looks for nothing else of one.
      Object.assign(globalThis, { window: globalThis });
      try {
        return await load(module);
      } finally {
        Reflect.deleteProperty(globalThis, 'window');
      }
    },
  };
}

/** What is used of the larger network's package. */
interface Shiguredo {
  readonly Rnnoise: { load(): Promise<{ createDenoiseState(): Running }> };
}

/** The network as it was published: nearly all of its weights are there, and its heads read all layers. */
export const original: Original = originalOf('@shiguredo/rnnoise-wasm', 'dist/rnnoise.js', async (module: Shiguredo) =>
  (await module.Rnnoise.load()).createDenoiseState(),
);

/** What is used of the smaller network's package, as Emscripten compiled it. */
interface Jitsi {
  default(): {
    readonly HEAPF32: Float32Array;
    _malloc(bytes: number): number;
    _free(at: number): void;
    _rnnoise_create(): number;
    _rnnoise_destroy(state: number): void;
    _rnnoise_process_frame(state: number, to: number, from: number): number;
  };
}

/** The smaller network: a third of the GRUs' weights, and heads that read the last GRU alone. */
export const smallOriginal: Original = originalOf(
  '@jitsi/rnnoise-wasm',
  'dist/rnnoise-sync.js',
  async (module: Jitsi) => {
    const rnnoise = module.default();
    const state = rnnoise._rnnoise_create();
    const bytes = 4 * 480;
    const at = rnnoise._malloc(bytes);
    return {
      processFrame: (samples) => {
        rnnoise.HEAPF32.set(samples, at / 4);
        const vad = rnnoise._rnnoise_process_frame(state, at, at);
        samples.set(rnnoise.HEAPF32.subarray(at / 4, (at + bytes) / 4));
        return vad;
      },
      destroy: () => {
        rnnoise._rnnoise_destroy(state);
        rnnoise._free(at);
      },
    };
  },
);

/**
 * The WebAssembly module in a package's JavaScript, where it is one text in base64.
 *
 * @throws CongruentError MODEL_FORMAT
 */
export function moduleIn(javascript: string): Uint8Array {
  // The magic number, \0asm.
  const [text] = /AGFzbQ[A-Za-z0-9+/]*=*/.exec(javascript) ?? [];
  if (text === undefined) throw formatError('JavaScript', 'it has no WebAssembly module in base64');
  return new Uint8Array(Buffer.from(text, 'base64'));
}
