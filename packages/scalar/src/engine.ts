import {
  type Call,
  copy,
  type Dimensions,
  type Engine,
  type FloatArray,
  type Layer,
  type LayerStream,
  type RecordedRun,
  type Run,
  type Sequence,
} from '@congruent/runtime';
import type { Kernel } from './kernel.ts';
import { stepsOf } from './steps.ts';
import { ScalarTrace } from './trace.ts';

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
  upload: (data) => data.slice(),
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
  split(whole, count, rows, mask) {
    const masked = mask ? whole.map((value, index) => value * mask[index]!) : whole;
    const width = whole.length / rows / count;
    return Array.from({ length: count }, (_, part) => {
      const result = new (whole.constructor as Float32ArrayConstructor)(rows * width);
      for (let row = 0; row < rows; row++) {
        const start = (row * count + part) * width;
        result.set(masked.subarray(start, start + width), row * width);
      }
      return result;
    });
  },
  add: (left, right) => left.map((value, index) => value + right[index]!),
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

  run(_: unknown, sequence: Sequence<FloatArray>): Run<FloatArray> {
    const { kernel, weights } = this;
    return this.runSteps(sequence, (scratch, first, batch, state) =>
      kernel.step(weights, scratch, first, batch, state),
    );
  }

  record(_: unknown, sequence: Sequence<FloatArray>): RecordedRun<'sync', FloatArray> {
    const { kernel, weights, dimensions } = this;
    const recorded = kernel.trace(dimensions, sequence.input.length / dimensions.I);
    const run = this.runSteps(sequence, (scratch, first, batch, state) =>
      kernel.recordStep(weights, scratch, recorded, first, batch, state),
    );
    return { ...run, trace: new ScalarTrace(kernel, dimensions, sequence, recorded) };
  }

  stream(batch: number, below: LayerStream<'sync'> | undefined): LayerStream<'sync'> {
    const { kernel, dimensions } = this;
    const weights = () => this.weights;
    return new ScalarStream(kernel, weights, dimensions, batch, below as ScalarStream<V> | undefined);
  }

  private runSteps(
    sequence: Sequence<FloatArray>,
    step: (scratch: unknown, first: number, batch: number, state: V) => void,
  ): Run<FloatArray> {
    const { kernel, weights, dimensions } = this;
    const { I, H } = dimensions;
    const rows = sequence.input.length / I;
    const scratch = kernel.scratch(dimensions, rows);
    const state = sequence.state.slice() as V;
    const output = kernel.vector(rows * H);
    kernel.before(weights, scratch, rows, sequence.input as V);
    for (const { first, batch } of stepsOf(sequence)) {
      step(scratch, first, batch, state);
      output.set(state.subarray(0, batch * H), first * H);
    }
    return { output, state };
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

  read(into: FloatArray): void {
    copy(this.state, into);
  }

  setState(state: FloatArray): void {
    this.state.set(state);
  }

  dispose(): void {}
}
