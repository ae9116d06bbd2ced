import type { Heard } from './chart.ts';
import { create, inputSize } from './silero_vad.js';

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

/** Tells the page the probability of speech in each chunk of the first channel. Its own output is silence. */
class Detector extends AudioWorkletProcessor {
  readonly #model;
  readonly #chunk = new Float32Array(inputSize);
  #filled = 0;

  constructor({ processorOptions }: { readonly processorOptions: ProcessorOptions }) {
    super();
    this.#model = create(processorOptions.module);
  }

  process([input]: readonly (readonly Float32Array[])[]): boolean {
    for (const sample of input?.[0] ?? []) {
      this.#chunk[this.#filled++] = sample;
      if (this.#filled === this.#chunk.length) this.#tell();
    }
    return true;
  }

  #tell(): void {
    this.#filled = 0;
    const [probability] = this.#model.step(this.#chunk) as unknown as readonly [number];
    const power = this.#chunk.reduce((sum, sample) => sum + sample * sample, 0) / this.#chunk.length;
    this.port.postMessage({ probability, level: Math.sqrt(power) } satisfies Heard);
  }
}

registerProcessor('detector', Detector);
