import {
  asyncDriver,
  type Backend,
  type Call,
  type Driver,
  type Engine,
  type FloatArray,
  gradients,
  hints,
  type Layer,
  type LayerStream,
  type Mode,
  type Reply,
  type Run,
  type Sequence,
  syncDriver,
  type Trace,
} from '../src/index.ts';

/** What a test may look at, and make fail. */
export interface Probe {
  openCalls: number;
  engines: number;
  streams: number;
  /** Recorded runs that are not released. */
  traces: number;
  /** The names of operations in the order in which they took effect. */
  readonly log: string[];
  /** Options that `open` got. */
  opened?: unknown;
  /** Throws where it is the next operation's name. */
  fail?: 'run' | 'record' | 'pullback' | 'download' | 'load' | 'stream' | undefined;
  /** How often the failing operation succeeds first. */
  skip?: number;
}

/**
 * A backend that can be checked by eye: h' = h / 2 + W x + b. `weight_hh` and `bias_hh` exist but do nothing.
 * In mode `async` each reply comes after some turns of the microtask queue.
 */
export function linearBackend<M extends Mode>(mode: M, supports: { float64?: boolean; training?: boolean } = {}) {
  const probe: Probe = { openCalls: 0, engines: 0, streams: 0, traces: 0, log: [] };

  const happen = (name: NonNullable<Probe['fail']> | 'step' | 'dispose' | 'release'): void => {
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
      split: (whole, count, rows, mask) => {
        const width = whole.length / rows / count;
        return Array.from({ length: count }, (_, part) =>
          like(whole, rows * width).map((_zero, i) => {
            const from = (Math.floor(i / width) * count + part) * width + (i % width);
            return whole[from]! * (mask?.[from] ?? 1);
          }),
        );
      },
      add: (left, right) => left.map((value, i) => value + right[i]!),
      end: () => void probe.openCalls--,
    };
  };

  const layer = (I: number, H: number, streams: Set<object>): Layer<M, FloatArray> => {
    let weight: FloatArray = new Float64Array();
    let bias: FloatArray = new Float64Array();
    const next = (h: FloatArray, x: FloatArray): FloatArray =>
      h.map((value, j) => [...x].reduce((sum, xi, i) => sum + weight[j * I + i]! * xi, value / 2 + bias[j]!));
    const run = ({ inputs, states, batchSizes, reverse }: Sequence<FloatArray>): Run<FloatArray> => {
      const [input, state] = [inputs[0]!, states[0]!.slice()];
      const output = like(input, (input.length / I) * H);
      for (const { row, b } of rowsOf(batchSizes, reverse)) {
        state.set(next(state.slice(b * H, (b + 1) * H), input.slice(row * I, (row + 1) * I)), b * H);
        output.set(state.slice(b * H, (b + 1) * H), row * H);
      }
      return { outputs: [output], states: [state] };
    };
    const trace = ({ inputs, batchSizes, reverse }: Sequence<FloatArray>): Trace<M, FloatArray> => {
      let recorded: FloatArray | undefined = inputs[0]!.slice();
      probe.traces++;
      return {
        pullback: (_, parameters, adjoints) =>
          reply(() => {
            happen('pullback');
            const W = parameters['weight_ih']!;
            const x = recorded!; // gone after disposal
            const [output, state] = [adjoints.outputs[0]!, adjoints.states[0]!.slice()];
            const [dx, dW, db] = [like(x, x.length), like(W, W.length), like(W, H)];
            for (const { row, b } of rowsOf(batchSizes, reverse).reverse()) {
              for (let j = 0; j < H; j++) {
                const g = state[b * H + j]! + output[row * H + j]!;
                for (let i = 0; i < I; i++) {
                  dx[row * I + i]! += W[j * I + i]! * g;
                  dW[j * I + i]! += g * x[row * I + i]!;
                }
                db[j]! += g;
                state[b * H + j] = g / 2;
              }
            }
            return {
              inputs: [dx],
              states: [state],
              parameters: { weight_ih: dW, weight_hh: like(W, H * H), bias_ih: db, bias_hh: like(W, H) },
            };
          }),
        ownsMemory: true,
        dispose: () => {
          if (recorded === undefined) return;
          recorded = undefined;
          happen('release');
          probe.traces--;
        },
      };
    };
    return {
      load(parameters) {
        happen('load');
        weight = parameters['weight_ih']!.slice();
        bias = parameters['bias_ih']!.slice();
      },
      run: (_, sequence) =>
        reply(() => {
          happen('run');
          return run(sequence);
        }),
      record: (_, sequence) =>
        reply(() => {
          happen('record');
          return { ...run(sequence), trace: trace(sequence) };
        }),
      stream(batch, below) {
        happen('stream');
        probe.streams++;
        let x: FloatArray = new Float64Array(batch * I);
        let state: FloatArray = new Float64Array(batch * H);
        const stream: LayerStream<M> & { view(): FloatArray } = {
          view: () => state,
          write: (_, input) => {
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
          read: (_, into) => reply(() => into.set(state)),
          readState: (_, into) => reply(() => into.set(state)),
          setStates: ([given]) => {
            state = given!.slice();
          },
          dispose: () => {
            if (streams.delete(stream)) probe.streams--;
          },
        };
        streams.add(stream);
        return stream;
      },
    };
  };

  const engine = (): Engine<M, FloatArray> => {
    probe.engines++;
    const streams = new Set<object>();
    return {
      layer: ({ I, H }) => layer(I!, H!, streams),
      call,
      dispose: () => {
        happen('dispose');
        probe.streams -= streams.size;
        probe.engines--;
      },
    };
  };

  const backend: Backend<M, FloatArray> = {
    name: 'linear',
    driver: (mode === 'sync' ? syncDriver : asyncDriver) as Driver<M>,
    supports: {
      sync: mode === 'sync',
      float64: supports.float64 ?? true,
      training: supports.training ?? false,
      deterministic: true,
    },
    gradients: supports.training ? gradients : undefined,
    hints,
    options: { device: { fallback: 'auto', accepts: (value) => typeof value === 'string', expected: 'a string' } },
    signature: {
      name: 'linear',
      inputs: [{ name: 'x', shape: ['I'] }],
      states: [{ name: 'h', shape: ['H'] }],
      outputs: [{ name: "h'", shape: ['H'], state: 'h' }],
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

/** Every row in the order in which it is run: where it stands among all rows, and in its step. */
function rowsOf(batchSizes: readonly number[], reverse: boolean): { row: number; b: number }[] {
  const starts = batchSizes.map((_size, t) => batchSizes.slice(0, t).reduce((a, b) => a + b, 0));
  const steps = batchSizes.map((size, t) => Array.from({ length: size }, (_, b) => ({ row: starts[t]! + b, b })));
  return (reverse ? steps.reverse() : steps).flat();
}

const like = (array: FloatArray, length: number): FloatArray =>
  array instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
