import { create, type Model } from '../dist/exported/amp.js';

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new (options: Options) => AudioWorkletProcessor): void;

/** What the page gives: a worklet can fetch nothing. */
interface Options {
  readonly processorOptions: { readonly module: ArrayBuffer };
}

/** What is computed at a time, by the definition of Web Audio. */
const QUANTUM = 128;

registerProcessor(
  'amp',
  class extends AudioWorkletProcessor {
    readonly model: Model;

    constructor({ processorOptions: { module } }: Options) {
      super();
      this.model = create(module);
      this.port.onmessage = () => this.port.postMessage(millisecondsPerQuantum(create(module)));
    }

    process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
      const from = inputs[0]![0];
      // Without a source nothing comes in.
      if (from) outputs[0]![0]!.set(this.model.run(from, from.length));
      return true;
    }
  },
);

/**
 * How long a quantum takes on this thread. Worklets have no performance.now, and Date.now ticks once a millisecond, so as
 * many quanta are timed as fit between two ticks far apart. Nothing can be heard meanwhile: it is asked for before the first
 * sound.
 */
function millisecondsPerQuantum(model: Model): number {
  const sound = Float32Array.from({ length: QUANTUM }, (_, t) => Math.sin(t / 4) / 2);
  const during = (milliseconds: number): number => {
    const now = Date.now();
    let begun = now;
    while (begun === now) begun = Date.now();
    let quanta = 0;
    for (; Date.now() < begun + milliseconds; quanta++) model.run(sound, QUANTUM);
    return (Date.now() - begun) / quanta;
  };
  during(10); // Engines compile what runs often anew.
  return during(20);
}
