import { create } from './rnnoise.js';
import { Denoiser } from './sound/denoiser.js';
import { networkOf } from './sound/exported-network.js';

/** What is used of the worklet's scope, whose types are in no library of TypeScript. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (node: { readonly processorOptions: ProcessorOptions }) => AudioWorkletProcessor,
): void;

/** What the page gives the processor: a worklet can load no module of WebAssembly. */
export interface ProcessorOptions {
  readonly module: WebAssembly.Module;
}

/** What the page is told of each frame of 10 ms. */
export interface Heard {
  /** The probability of a voice. */
  readonly vad: number;
  /** Roots of the mean squares of the samples, as they come in and without noise. */
  readonly before: number;
  readonly after: number;
}

const FRAME = 480;

/** RNNoise's samples are those of 16 bits. */
const SCALE = 32_768;

/** Frames that the denoiser is behind. */
const DELAY = 2;

/** Removes noise from the first channel, 30 ms later; where that is off, gives the same sound as it is, equally late. */
class NoiseRemover extends AudioWorkletProcessor {
  readonly #denoiser: Denoiser;
  readonly #input = new Float32Array(FRAME);
  readonly #clean = new Float32Array(FRAME);
  readonly #waiting = Array.from({ length: DELAY }, () => new Float32Array(FRAME));
  #playing = new Float32Array(FRAME);
  #at = 0;
  #isOn = true;

  constructor({ processorOptions }: { readonly processorOptions: ProcessorOptions }) {
    super();
    this.#denoiser = new Denoiser(networkOf(create(processorOptions.module)));
    this.port.onmessage = ({ data }: MessageEvent<boolean>) => {
      this.#isOn = data;
    };
  }

  process([input]: readonly (readonly Float32Array[])[], [output]: readonly (readonly Float32Array[])[]): boolean {
    const [into, from] = [output![0]!, input?.[0]];
    for (let i = 0; i < into.length; i++) {
      into[i] = this.#playing[this.#at]!;
      this.#input[this.#at] = SCALE * (from?.[i] ?? 0);
      if (++this.#at === FRAME) this.#frame();
    }
    return true;
  }

  #frame(): void {
    this.#at = 0;
    const vad = this.#denoiser.process(this.#input, this.#clean);
    this.#waiting.push(this.#input.slice());
    const noisy = this.#waiting.shift()!;
    const [before, after] = [rootMeanSquare(noisy), rootMeanSquare(this.#clean)];
    this.port.postMessage({ vad, before, after } satisfies Heard);
    this.#playing = (this.#isOn ? this.#clean : noisy).map((sample) => sample / SCALE);
  }
}

const rootMeanSquare = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + (sample / SCALE) ** 2, 0) / samples.length);

registerProcessor('noise-remover', NoiseRemover);
