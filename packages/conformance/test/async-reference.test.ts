import type { Backend, FloatArray, LayerStream } from '@congruent/runtime';
import { test } from 'vitest';
import { conformance, moduleOf, referenceBackend } from '../src/index.ts';

/** The reference behind promises, without float64 and without the promise of bits: everything is refused that can be. */
const backend = referenceBackend({ supports: { training: false } });

const asyncStream = (stream: LayerStream<'sync'>): LayerStream<'async'> & { readonly inner: LayerStream<'sync'> } => ({
  inner: stream,
  write: (input) => stream.write(input),
  step: async () => stream.step(),
  read: async () => stream.read(),
  setState: (state) => stream.setState(state),
  dispose: () => stream.dispose(),
});

const { openSync, ...rest } = backend;
const asynchronous: Backend<'async', FloatArray> = {
  ...rest,
  name: 'reference behind promises',
  supports: { sync: false, float64: false, training: false, deterministic: false },
  mode: 'async',
  options: ['device'],
  open: async (options) => {
    const engine = openSync!(options);
    const call = engine.call();
    return {
      call: () => ({ ...call, download: async (buffer) => call.download(buffer) }),
      dispose: () => engine.dispose(),
      layer: (dimensions) => {
        const layer = engine.layer(dimensions);
        return {
          load: (parameters) => layer.load(parameters),
          run: async (_, sequence) => layer.run(call, sequence),
          stream: (batch, below) => asyncStream(layer.stream(batch, (below as ReturnType<typeof asyncStream>)?.inner)),
        };
      },
    };
  },
};

conformance({
  test,
  factory: async () => moduleOf(asynchronous),
  options: { device: 'none' },
  select: ({ cost }) => cost <= 400,
  runs: 5,
});
