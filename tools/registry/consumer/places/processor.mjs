import { runLayer } from './layer.mjs';

registerProcessor(
  'layer',
  class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.port.postMessage(runLayer());
    }

    process() {
      return false;
    }
  },
);
