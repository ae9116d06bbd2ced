import type * as runtime from '@congruent/runtime';
import {
  arrayMemory,
  asyncDriver,
  defineCell,
  defineLayer,
  gradients,
  hostBackend,
  hostTraining,
} from '@congruent/runtime';

/** What the emitter makes of a cell. */
export type Generated = typeof import('./generated/gru.ts');

/** Computes in arrays, and at once: what a device takes the place of. */
const arrays = ({ signature, ...kernels }: Generated): runtime.Backend<'sync', runtime.FloatArray> =>
  hostBackend<runtime.FloatArray>({
    name: '__name__',
    supports: { float64: true, deterministic: false },
    signature,
    kernels: ({ dtype }) => ({
      ...kernels,
      memory: arrayMemory(dtype),
      backward: { ...kernels, save: (value) => value, restore: (saved) => saved as runtime.FloatArray },
    }),
    training: hostTraining,
  });

/** The same with promises. */
const promised = (engine: runtime.Engine<'sync', runtime.FloatArray>): runtime.Engine<'async', runtime.FloatArray> => ({
  layer: (dimensions) => promisedLayer(engine.layer(dimensions), engine.call()),
  call() {
    const call = engine.call();
    return { ...call, download: async (buffer) => call.download(buffer) };
  },
  dispose: () => engine.dispose(),
});

const promisedLayer = (
  layer: runtime.Layer<'sync', runtime.FloatArray>,
  call: runtime.Call<'sync', runtime.FloatArray>,
): runtime.Layer<'async', runtime.FloatArray> => ({
  load: (parameters) => layer.load(parameters),
  run: async (_, sequence) => layer.run(call, sequence),
  async record(_, sequence) {
    const { trace, ...run } = layer.record!(call, sequence);
    return { ...run, trace: { ...trace, pullback: async (_, ...operands) => trace.pullback(call, ...operands) } };
  },
  stream(batch, below) {
    const stream = layer.stream(batch, below && streams.get(below));
    const answer: runtime.LayerStream<'async'> = {
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
const streams = new WeakMap<runtime.LayerStream<'async'>, runtime.LayerStream<'sync'>>();

export const promises = (generated: Generated): runtime.Backend<'async', runtime.FloatArray> => {
  const { name, supports, signature, openSync } = arrays(generated);
  return {
    name,
    driver: asyncDriver,
    supports: { ...supports, sync: false },
    options: {},
    signature,
    gradients,
    open: async (options) => promised(openSync!(options)),
  };
};

export type LayerClass<N extends runtime.OwnNames> = runtime.LayerClass<N, 'async'>;
export type CellClass<N extends runtime.OwnNames> = runtime.CellClass<N, 'async'>;

export const layerClass = <N extends runtime.OwnNames>(generated: Generated, name: string): LayerClass<N> =>
  defineLayer(promises(generated), name);
export const cellClass = <N extends runtime.OwnNames>(generated: Generated, name: string): CellClass<N> =>
  defineCell(promises(generated), name);
