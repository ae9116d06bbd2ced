import { GRU } from '@congruent/wasm/inference/bundle';

registerProcessor(
  'gru',
  class extends AudioWorkletProcessor {
    constructor({ processorOptions: { options, stateDict } }) {
      super();
      const gru = GRU.createSync(options); // an AudioWorklet awaits nothing
      gru.loadStateDict(stateDict);
      this.stream = gru.stream();
      this.x = new Float32Array(1);
    }

    process([[input]], [[output]]) {
      for (let t = 0; input && t < output.length; t++) {
        this.x[0] = input[t];
        output[t] = this.stream.step(this.x)[0]; // allocates nothing
      }
      return true;
    }
  },
);
