import { GRU, LSTM, type StateDict } from '../src/index.ts';

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

/** What the processors use of the classes. */
interface Streamed {
  createSync(options: ProcessorOptions['options']): {
    loadStateDict(dict: StateDict): void;
    stream(): { step(x: Float32Array): ArrayLike<number> };
  };
}

/** Streams the first channel through a layer, one step a sample; unit 0 is the output. */
abstract class LayerProcessor extends AudioWorkletProcessor {
  private readonly stream;
  private readonly x = new Float32Array(1);

  constructor(layers: Streamed, { options, stateDict }: ProcessorOptions) {
    super();
    const layer = layers.createSync(options);
    layer.loadStateDict(stateDict);
    this.stream = layer.stream();
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

for (const [name, layers] of Object.entries({ GRU, LSTM })) {
  registerProcessor(
    name,
    class extends LayerProcessor {
      constructor({ processorOptions }: { readonly processorOptions: ProcessorOptions }) {
        super(layers as Streamed, processorOptions);
      }
    },
  );
}
