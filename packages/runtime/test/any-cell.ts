import {
  arrayMemory,
  asyncDriver,
  type Backend,
  type CellSignature,
  type Dimensions,
  type Engine,
  type EngineOptions,
  type FloatArray,
  type HostKernels,
  hints,
  hostBackend,
  hostTraining,
  type LayerStream,
  widthOf,
} from '../src/index.ts';

/** Numbers of one row, and parameters, by name. */
export type Values = Readonly<Record<string, readonly number[]>>;

/** A cell as arithmetic on numbers, of degree one in each of them, so that a difference is its derivative. */
export interface TestCell {
  readonly signature: CellSignature;
  /** Next states by the states' names, and outputs by theirs, from inputs, states and parameters. */
  step(given: Values): Values;
}

/** `matrix` times `vector`. */
export const times = (matrix: readonly number[], vector: readonly number[]): number[] =>
  Array.from({ length: matrix.length / vector.length }, (_, row) =>
    vector.reduce((sum, value, column) => sum + matrix[row * vector.length + column]! * value, 0),
  );

export const sum = (...vectors: readonly (readonly number[])[]): number[] =>
  vectors[0]!.map((_, i) => vectors.reduce((total, vector) => total + vector[i]!, 0));

export const scaled = (factor: number, vector: readonly number[]): number[] => vector.map((value) => factor * value);

/** Every row in the order in which it is run: where it stands among all rows, and in its step. */
function placesOf(batchSizes: readonly number[], reverse: boolean): { row: number; at: number }[] {
  let row = 0;
  const steps = batchSizes.map((size) => Array.from({ length: size }, (_, at) => ({ row: row++, at })));
  return (reverse ? steps.reverse() : steps).flat();
}

/** A cell as the kernels of a host backend: one row at a time, and backwards by differences. */
function kernelsOf({ signature, step }: TestCell, dtype: EngineOptions['dtype']): HostKernels<FloatArray> {
  const { inputs, states, outputs } = signature;
  const names = Object.keys(signature.parameters);
  interface Weights {
    readonly dimensions: Dimensions;
    readonly values: Values;
  }
  const slice = (array: FloatArray, at: number, width: number): number[] => [
    ...array.subarray(at * width, (at + 1) * width),
  ];
  const prepare = (tensors: readonly FloatArray[], dimensions: Dimensions): Weights => ({
    dimensions,
    values: Object.fromEntries(names.map((name, i) => [name, [...tensors[i]!]])),
  });
  const split = (operands: readonly FloatArray[], ...counts: number[]): FloatArray[][] => {
    const rest = [...operands];
    return counts.map((count) => rest.splice(0, count));
  };
  const run = (weights: unknown, batchSizes: readonly number[], reverse: boolean, operands: readonly FloatArray[]) => {
    const { dimensions, values } = weights as Weights;
    const [x, s, y, residuals] = split(operands, inputs.length, states.length, outputs.length, 1);
    const given = [...inputs, ...states];
    for (const { row, at } of placesOf(batchSizes, reverse)) {
      const rows = given.map((value, i) =>
        i < inputs.length
          ? slice(x![i]!, row, widthOf(value, dimensions))
          : slice(s![i - inputs.length]!, at, widthOf(value, dimensions)),
      );
      const flat = rows.flat();
      residuals![0]?.set(flat, row * flat.length);
      const next = step({ ...values, ...Object.fromEntries(given.map(({ name }, i) => [name, rows[i]!])) });
      states.forEach((state, i) => {
        s![i]!.set(next[state.name]!, at * widthOf(state, dimensions));
      });
      outputs.forEach((output, i) => {
        y![i]!.set(next[output.state ?? output.name]!, row * widthOf(output, dimensions));
      });
    }
  };
  const rowWidth = (dimensions: Dimensions): number =>
    [...inputs, ...states].reduce((width, value) => width + widthOf(value, dimensions), 0);
  return {
    memory: arrayMemory(dtype),
    prepare,
    scratch: () => undefined,
    run: (weights, _, batchSizes, reverse, ...operands) => run(weights, batchSizes, reverse, operands),
    stepper:
      (weights, _, batch, ...operands) =>
      () =>
        run(weights, [batch], false, operands),
    backward: {
      save: (value) => value,
      restore: (saved) => saved as FloatArray,
      residuals: (dimensions, rows, allocate) => allocate(rows * rowWidth(dimensions)),
      record: (weights, _, batchSizes, reverse, ...operands) => run(weights, batchSizes, reverse, operands),
      prepareBackward: prepare,
      backwardScratch: () => undefined,
      pullBack(weights, _, residuals, batchSizes, reverse, ...operands) {
        const { dimensions, values } = weights as Weights;
        const [, dy, dx, ds, dp] = split(
          operands,
          inputs.length,
          outputs.length,
          inputs.length,
          states.length,
          names.length,
        );
        for (const array of [...dx!, ...dp!]) array.fill(0);
        const given = [...inputs, ...states];
        const width = rowWidth(dimensions);
        for (const { row, at } of placesOf(batchSizes, reverse).reverse()) {
          const flat = slice(residuals, row, width);
          const point: Record<string, number[]> = Object.fromEntries(
            Object.entries(values).map(([name, value]) => [name, [...value]]),
          );
          let start = 0;
          for (const value of given) {
            const end = start + widthOf(value, dimensions);
            point[value.name] = flat.slice(start, end);
            start = end;
          }
          /** The adjoints of the row's results times how these depend on one number. */
          const slope = (name: string, i: number): number => {
            const before = point[name]![i]!;
            const at1 = (value: number): Values => {
              point[name]![i] = value;
              return step(point);
            };
            const [up, down] = [at1(before + 0.5), at1(before - 0.5)];
            point[name]![i] = before;
            let total = 0;
            states.forEach((state, k) => {
              slice(ds![k]!, at, widthOf(state, dimensions)).forEach((adjoint, j) => {
                total += adjoint * (up[state.name]![j]! - down[state.name]![j]!);
              });
            });
            outputs.forEach((output, k) => {
              const of = output.state ?? output.name;
              slice(dy![k]!, row, widthOf(output, dimensions)).forEach((adjoint, j) => {
                total += adjoint * (up[of]![j]! - down[of]![j]!);
              });
            });
            return total;
          };
          const slopes = (name: string): number[] => point[name]!.map((_value, i) => slope(name, i));
          names.forEach((name, k) => {
            slopes(name).forEach((value, i) => {
              dp![k]![i]! += value;
            });
          });
          inputs.forEach((input, k) => {
            dx![k]!.set(slopes(input.name), row * widthOf(input, dimensions));
          });
          const before = states.map((state) => slopes(state.name));
          states.forEach((state, k) => {
            ds![k]!.set(before[k]!, at * widthOf(state, dimensions));
          });
        }
      },
    },
  };
}

/** A backend that runs this cell and no other. */
export const anyBackend = (cell: TestCell): Backend<'sync', FloatArray> =>
  hostBackend<FloatArray>({
    name: 'any',
    supports: { float64: true, deterministic: false },
    hints,
    signature: cell.signature,
    kernels: ({ dtype }) => kernelsOf(cell, dtype),
    training: hostTraining,
  });

const later = async <T>(compute: () => T): Promise<T> => {
  for (let i = 0; i < 3; i++) await undefined;
  return compute();
};

interface LaterStream extends LayerStream<'async'> {
  readonly inner: LayerStream<'sync'>;
}

const laterStream = (inner: LayerStream<'sync'>): LaterStream => ({
  ...inner,
  inner,
  step: () => later(() => inner.step()),
  read: (output, into) => later(() => inner.read(output, into)),
  readState: (state, into) => later(() => inner.readState(state, into)),
});

/** The same backend, answering with promises. */
export function anyBackendLater(cell: TestCell): Backend<'async', FloatArray> {
  const { openSync: _, ...backend } = anyBackend(cell);
  const open = async (options: EngineOptions): Promise<Engine<'async', FloatArray>> => {
    const engine = await backend.open(options);
    return {
      dispose: engine.dispose,
      call() {
        const call = engine.call();
        // Buffers of the garbage collector, so calls may lie within each other.
        return { ...call, download: (buffer) => later(() => call.download(buffer)), end() {} };
      },
      layer(dimensions) {
        const { load, run, record, stream } = engine.layer(dimensions);
        return {
          load,
          run: (_call, sequence) => later(() => run(engine.call(), sequence)),
          record: (_call, sequence) =>
            later(() => {
              const { trace, ...rest } = record!(engine.call(), sequence);
              const pullback: typeof trace.pullback = (...of) => trace.pullback(...of);
              return {
                ...rest,
                trace: {
                  ownsMemory: trace.ownsMemory,
                  dispose: trace.dispose,
                  pullback: (_of, ...of) => later(() => pullback(engine.call(), ...of)),
                },
              };
            }),
          stream: (batch, below) => laterStream(stream(batch, (below as LaterStream | undefined)?.inner)),
        };
      },
    };
  };
  return { ...backend, driver: asyncDriver, supports: { ...backend.supports, sync: false }, open };
}
