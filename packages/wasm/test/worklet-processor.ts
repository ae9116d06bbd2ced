import { GRU } from '../src/index.ts';
import { AUDIO_GRU, weightOf } from './audio-gru.ts';

declare class AudioWorkletProcessor {}
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

/** Streams the first channel through a GRU, one step a sample; unit 0 is the output. */
class GRUProcessor extends AudioWorkletProcessor {
  private readonly stream;
  private readonly x = new Float32Array(1);

  constructor() {
    super();
    const gru = GRU.createSync(AUDIO_GRU);
    const shapes = Object.entries(gru.stateDict());
    gru.loadStateDict(
      Object.fromEntries(shapes.map(([name, { shape, data }]) => [name, { shape, data: data.map(weightOf) }])),
    );
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
