import type {
  Backend,
  BackendInfo,
  Call,
  Engine,
  FloatArray,
  GRUCellClass,
  GRUClass,
  Layer,
  LayerStream,
} from '@congruent/runtime';
import {
  arrayMemory,
  backendInfo,
  defineGRU,
  defineGRUCell,
  gradients,
  hostBackend,
  hostTraining,
} from '@congruent/runtime';
import * as gru from './generated/gru.ts';

/** Computes in arrays, and at once: what a device takes the place of. */
const arrays: Backend<'sync', FloatArray> = /* @__PURE__ */ hostBackend<FloatArray>({
  name: '__name__',
  supports: { float64: true, deterministic: false },
  signature: gru.signature,
  kernels: ({ dtype }) => ({
    ...gru,
    memory: arrayMemory(dtype),
    backward: { ...gru, save: (value) => value, restore: (saved) => saved as FloatArray },
  }),
  training: hostTraining,
});

/** The same with promises. */
const promised = (engine: Engine<'sync', FloatArray>): Engine<'async', FloatArray> => ({
  layer: (dimensions) => promisedLayer(engine.layer(dimensions), engine.call()),
  call() {
    const call = engine.call();
    return { ...call, download: async (buffer) => call.download(buffer) };
  },
  dispose: () => engine.dispose(),
});

const promisedLayer = (
  layer: Layer<'sync', FloatArray>,
  call: Call<'sync', FloatArray>,
): Layer<'async', FloatArray> => ({
  load: (parameters) => layer.load(parameters),
  run: async (_, sequence) => layer.run(call, sequence),
  async record(_, sequence) {
    const { trace, ...run } = layer.record!(call, sequence);
    return { ...run, trace: { ...trace, pullback: async (_, ...operands) => trace.pullback(call, ...operands) } };
  },
  stream(batch, below) {
    const stream = layer.stream(batch, below && streams.get(below));
    const answer: LayerStream<'async'> = {
      ...stream,
      step: async () => stream.step(),
      read: async (output, into) => stream.read(output, into),
      readState: async (state, into) => stream.readState(state, into),
    };
    streams.set(answer, stream);
    return answer;
  },
});

/** What stands behind the stream of a layer. */
const streams = new WeakMap<LayerStream<'async'>, LayerStream<'sync'>>();

const promises: Backend<'async', FloatArray> = {
  name: '__name__',
  mode: 'async',
  supports: { sync: false, float64: true, training: true, deterministic: false },
  options: [],
  signature: gru.signature,
  gradients,
  open: async (options) => promised(arrays.openSync!(options)),
};

export const GRU: GRUClass<'async'> = /* @__PURE__ */ defineGRU(promises);
export const GRUCell: GRUCellClass<'async'> = /* @__PURE__ */ defineGRUCell(promises);
export const backend: BackendInfo = /* @__PURE__ */ backendInfo(promises);
export * from '@congruent/runtime/public';
