import { type Arithmetic, float32 } from '@congruent/codegen';
import {
  asyncDriver,
  type Backend,
  type FloatArray,
  type Layer,
  type LayerStream,
  type RecordedRun,
  type Supports,
} from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { describe, test } from 'vitest';
import { type Check, conformance, moduleOf, type ReferenceOptions, referenceBackend } from '../src/index.ts';

const asyncStream = (stream: LayerStream<'sync'>): LayerStream<'async'> & { readonly inner: LayerStream<'sync'> } => ({
  inner: stream,
  write: (input, data) => stream.write(input, data),
  step: async () => stream.step(),
  read: async (output, into) => stream.read(output, into),
  readState: async (state, into) => stream.readState(state, into),
  setStates: (states) => stream.setStates(states),
  dispose: () => stream.dispose(),
});

/** Answers after others had their turn. */
const later = <T>(answer: () => T): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(answer())));

const asyncRun = ({ trace, ...run }: RecordedRun<'sync', FloatArray>): RecordedRun<'async', FloatArray> => ({
  ...run,
  trace: {
    ownsMemory: trace.ownsMemory,
    pullback: (_, ...of) => later(() => trace.pullback(undefined!, ...of)),
    dispose: () => trace.dispose(),
  },
});

const asyncLayer = (layer: Layer<'sync', FloatArray>): Layer<'async', FloatArray> => ({
  load: (parameters) => layer.load(parameters),
  run: async (_, sequence) => layer.run(undefined!, sequence),
  record: (_, sequence) => later(() => asyncRun(layer.record!(undefined!, sequence))),
  stream: (batch, below) => asyncStream(layer.stream(batch, (below as ReturnType<typeof asyncStream>)?.inner)),
});

interface Options {
  readonly supports: Omit<Supports, 'subnormals'>;
  readonly arithmetic: ReferenceOptions['arithmetic'] & object;
}

/** The reference behind promises. */
function behindPromises({ supports, arithmetic }: Options, cell: Cell): Backend<'async', FloatArray> {
  const { openSync, ...rest } = referenceBackend({ cell, supports, arithmetic });
  return {
    ...rest,
    name: 'reference behind promises',
    supports,
    driver: asyncDriver,
    options: { device: { accepts: () => true, expected: '' } },
    open: async (options) => {
      const engine = openSync!(options);
      return {
        call: () => {
          const call = engine.call();
          return { ...call, download: async (buffer) => call.download(buffer) };
        },
        dispose: () => engine.dispose(),
        layer: (dimensions) => asyncLayer(engine.layer(dimensions)),
      };
    },
  };
}

const run = (options: Options, select: (check: Check) => boolean): void =>
  conformance({
    test,
    factory: async () => moduleOf((cell) => behindPromises(options, cell)),
    options: { device: 'none' },
    select,
    runs: 5,
  });

describe('everything is refused that can be', () => {
  const supports = { sync: false, float64: false, training: false, deterministic: false };
  run({ supports, arithmetic: {} }, ({ cost }) => cost <= 400);
});

/** Products summed in double precision and rounded once, which is no order of summation that is specified. */
const exact: Arithmetic<number> = {
  ...float32,
  dot: (row, vector) => Math.fround(row.reduce((sum, value, k) => sum + value * vector[k]!, 0)),
};

describe('gradients behind promises, of other bits, are within all bounds', () => {
  const supports = { sync: false, float64: true, training: true, deterministic: false };
  run(
    { supports, arithmetic: { float32: exact } },
    ({ group, title }) => group.startsWith('gradients') || title.includes('every gradient of'),
  );
});
