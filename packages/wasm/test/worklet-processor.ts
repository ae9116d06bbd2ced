import { GRU, type StateDict } from '../src/index.ts';

/** What the page gives the processor: it has no fetch to load weights with. */
export interface ProcessorOptions {
  readonly options: { readonly inputSize: number; readonly hiddenSize: number };
  readonly stateDict: StateDict;
}

declare class AudioWorkletProcessor {}
declare function registerProcessor(
  name: string,
  processor: new (node: { readonly processorOptions: ProcessorOptions }) => AudioWorkletProcessor,
): void;

/** Streams the first channel through a GRU, one step a sample; unit 0 is the output. */
class GRUProcessor extends AudioWorkletProcessor {
  private readonly stream;
  private readonly x = new Float32Array(1);

  constructor({ processorOptions }: { readonly processorOptions: ProcessorOptions }) {
    super();
    const gru = GRU.createSync(processorOptions.options);
    gru.loadStateDict(processorOptions.stateDict);
    this.stream = gru.stream();
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const from = inputs[0]![0];
    const to = outputs[0]![0]!;
    if (from) {
      for (let index = 0; index < to.length; index++) {
        this.x[0] = from[index]!;
        to[index] = this.stream.step(this.x)[0]!;
      }
    }
    return true;
  }
}

registerProcessor('gru', GRUProcessor);
