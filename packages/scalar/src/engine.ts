import type { Call, Dimensions, Engine, FloatArray, Layer, LayerStream, Sequence } from '@congruent/runtime';
import type { Kernel } from './kernel.ts';

/** Layers on plain typed arrays; the garbage collector is the only owner of anything. */
export class ScalarEngine<V extends FloatArray> implements Engine<'sync', FloatArray> {
  private readonly kernel: Kernel<V>;

  constructor(kernel: Kernel<V>) {
    this.kernel = kernel;
  }

  layer(dimensions: Dimensions): Layer<'sync', FloatArray> {
    return new ScalarLayer(this.kernel, dimensions);
  }

  call(): Call<'sync', FloatArray> {
    return arrays;
  }

  dispose(): void {}
}

/** Buffers are arrays that nobody writes to once they are made. */
const arrays: Call<'sync', FloatArray> = {
  upload: (data) => data,
  download: (buffer) => buffer.slice(),
  join(parts, rows, mask) {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const joined = new (parts[0]!.constructor as Float32ArrayConstructor)(length);
    let column = 0;
    for (const part of parts) {
      const width = part.length / rows;
      for (let row = 0; row < rows; row++) {
        joined.set(part.subarray(row * width, (row + 1) * width), (row * length) / rows + column);
      }
      column += width;
    }
    if (mask) for (let index = 0; index < length; index++) joined[index]! *= mask[index]!;
    return joined;
  },
  end() {},
};

class ScalarLayer<V extends FloatArray> implements Layer<'sync', FloatArray> {
  private readonly kernel: Kernel<V>;
  private readonly dimensions: Dimensions;
  private weights: unknown;

  constructor(kernel: Kernel<V>, dimensions: Dimensions) {
    this.kernel = kernel;
    this.dimensions = dimensions;
  }

  load(parameters: Readonly<Record<string, FloatArray>>): void {
    this.weights = this.kernel.prepare(parameters, this.dimensions);
  }

  run(
    _: unknown,
    { input, state, batchSizes, reverse }: Sequence<FloatArray>,
  ): { output: FloatArray; state: FloatArray } {
    const { kernel, weights, dimensions } = this;
    const { H } = dimensions;
    const rows = batchSizes.reduce((sum, batch) => sum + batch, 0);
    const scratch = kernel.scratch(dimensions, rows);
    const last = state.slice() as V;
    const output = new (last.constructor as Float32ArrayConstructor)(rows * H);
    kernel.before(weights, scratch, rows, input as V);
    let first = reverse ? rows : 0;
    for (let t = 0; t < batchSizes.length; t++) {
      const batch = batchSizes[reverse ? batchSizes.length - 1 - t : t]!;
      if (reverse) first -= batch;
      kernel.step(weights, scratch, first, batch, last);
      output.set(last.subarray(0, batch * H), first * H);
      if (!reverse) first += batch;
    }
    return { output, state: last };
  }

  stream(batch: number, below: LayerStream<'sync'> | undefined): LayerStream<'sync'> {
    const { kernel, dimensions } = this;
    const weights = () => this.weights;
    return new ScalarStream(kernel, weights, dimensions, batch, below as ScalarStream<V> | undefined);
  }
}

/** One layer's state and working memory; its input is its own array or the state of the layer below. */
class ScalarStream<V extends FloatArray> implements LayerStream<'sync'> {
  private readonly kernel: Kernel<V>;
  private readonly weights: () => unknown;
  private readonly scratch: unknown;
  private readonly batch: number;
  private readonly input: V;
  private readonly state: V;

  constructor(
    kernel: Kernel<V>,
    weights: () => unknown,
    dimensions: Dimensions,
    batch: number,
    below: ScalarStream<V> | undefined,
  ) {
    this.kernel = kernel;
    this.weights = weights;
    this.batch = batch;
    this.scratch = kernel.scratch(dimensions, batch);
    this.input = below ? below.state : kernel.vector(batch * dimensions.I);
    this.state = kernel.vector(batch * dimensions.H);
  }

  write(input: FloatArray): void {
    this.input.set(input);
  }

  step(): void {
    const weights = this.weights();
    this.kernel.before(weights, this.scratch, this.batch, this.input);
    this.kernel.step(weights, this.scratch, 0, this.batch, this.state);
  }

  read(): FloatArray {
    return this.state;
  }

  setState(state: FloatArray): void {
    this.state.set(state);
  }

  dispose(): void {}
}
