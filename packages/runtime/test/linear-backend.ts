import type { Backend, Call, Engine, FloatArray, Layer, LayerStream, Mode, Reply, Sequence } from '../src/index.ts';

/** What a test may look at, and make fail. */
export interface Probe {
  openCalls: number;
  engines: number;
  streams: number;
  /** The names of operations in the order in which they took effect. */
  readonly log: string[];
  /** Options that `open` got. */
  opened?: unknown;
  /** Throws where it is the next operation's name. */
  fail?: 'run' | 'download' | 'load' | 'stream' | undefined;
  /** How often the failing operation succeeds first. */
  skip?: number;
}

/**
 * A backend that can be checked by eye: h' = h / 2 + W x + b. `weight_hh` and `bias_hh` exist but do nothing.
 * In mode `async` each reply comes after some turns of the microtask queue.
 */
export function linearBackend<M extends Mode>(mode: M, supports: { float64?: boolean } = {}) {
  const probe: Probe = { openCalls: 0, engines: 0, streams: 0, log: [] };

  const happen = (name: NonNullable<Probe['fail']> | 'step' | 'dispose'): void => {
    if (probe.fail === name && (probe.skip ?? 0) > 0) probe.skip!--;
    else if (probe.fail === name) {
      probe.fail = undefined;
      throw new Error(`${name} failed`);
    }
    probe.log.push(name);
  };
  const reply = <T>(compute: () => T): Reply<M, T> => {
    const later = async (): Promise<T> => {
      for (let i = 0; i < 5; i++) await undefined;
      return compute();
    };
    return (mode === 'sync' ? compute() : later()) as Reply<M, T>;
  };

  const call = (): Call<M, FloatArray> => {
    probe.openCalls++;
    return {
      upload: (data) => data.slice(),
      download: (buffer) =>
        reply(() => {
          happen('download');
          return buffer.slice();
        }),
      join: (parts, rows, mask) => {
        const joined = Array.from({ length: rows }, (_, row) =>
          parts.flatMap((part) => [...part.subarray((row * part.length) / rows, ((row + 1) * part.length) / rows)]),
        ).flat();
        return like(parts[0]!, joined.length).map((_, i) => joined[i]! * (mask?.[i] ?? 1));
      },
      end: () => void probe.openCalls--,
    };
  };

  const layer = (I: number, H: number): Layer<M, FloatArray> => {
    let weight: FloatArray = new Float64Array();
    let bias: FloatArray = new Float64Array();
    const next = (h: FloatArray, x: FloatArray): FloatArray =>
      h.map((value, j) => [...x].reduce((sum, xi, i) => sum + weight[j * I + i]! * xi, value / 2 + bias[j]!));
    return {
      load(parameters) {
        happen('load');
        weight = parameters['weight_ih']!.slice();
        bias = parameters['bias_ih']!.slice();
      },
      run: (_, sequence: Sequence<FloatArray>) =>
        reply(() => {
          happen('run');
          const { input, batchSizes, reverse } = sequence;
          const state = sequence.state.slice();
          const output = like(input, (input.length / I) * H);
          const starts = batchSizes.map((_size, t) => batchSizes.slice(0, t).reduce((a, b) => a + b, 0));
          const steps = reverse ? [...batchSizes.keys()].reverse() : [...batchSizes.keys()];
          for (const t of steps) {
            for (let b = 0; b < batchSizes[t]!; b++) {
              const row = starts[t]! + b;
              state.set(next(state.slice(b * H, (b + 1) * H), input.slice(row * I, (row + 1) * I)), b * H);
              output.set(state.slice(b * H, (b + 1) * H), row * H);
            }
          }
          return { output, state };
        }),
      stream(batch, below) {
        happen('stream');
        probe.streams++;
        let x: FloatArray = new Float64Array(batch * I);
        let state: FloatArray = new Float64Array(batch * H);
        const stream: LayerStream<M> & { view(): FloatArray } = {
          view: () => state,
          write: (input) => {
            x = input.slice();
          },
          step: () =>
            reply(() => {
              happen('step');
              const input = below === undefined ? x : (below as typeof stream).view();
              for (let b = 0; b < batch; b++) {
                state.set(next(state.slice(b * H, (b + 1) * H), input.slice(b * I, (b + 1) * I)), b * H);
              }
            }),
          read: () => reply(() => state),
          setState: (given) => {
            state = given.slice();
          },
          dispose: () => void probe.streams--,
        };
        return stream;
      },
    };
  };

  const engine = (): Engine<M, FloatArray> => {
    probe.engines++;
    return {
      layer: ({ I, H }) => layer(I, H),
      call,
      dispose: () => {
        happen('dispose');
        probe.engines--;
      },
    };
  };

  const backend: Backend<M, FloatArray> = {
    name: 'linear',
    mode,
    supports: { sync: mode === 'sync', float64: supports.float64 ?? true, training: false, deterministic: true },
    options: ['device'],
    signature: {
      name: 'linear',
      parameters: {
        weight_ih: { blocks: ['W'], shape: ['H', 'I'] },
        weight_hh: { blocks: ['U'], shape: ['H', 'H'] },
        bias_ih: { blocks: ['b'], shape: ['H'] },
        bias_hh: { blocks: ['c'], shape: ['H'] },
      },
    },
    open: async (options) => {
      probe.opened = options;
      return engine();
    },
    ...(mode === 'sync' && { openSync: () => engine() }),
  };
  return { backend, probe };
}

const like = (array: FloatArray, length: number): FloatArray =>
  array instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
