import type { Dimensions, FloatArray, Layer, LayerStream, Run, Sequence } from '@congruent/runtime';
import type { Buffer, WasmEngine } from './engine.ts';
import type { Block } from './heap.ts';
import type { RunOperands } from './kernel.ts';
import { WasmStream } from './stream.ts';

/** One cell in one direction: its packed parameters in the engine's memory. */
export class WasmLayer implements Layer<'sync', Buffer> {
  readonly engine: WasmEngine;
  readonly dimensions: Dimensions;
  readonly weights: Block;

  constructor(engine: WasmEngine, dimensions: Dimensions) {
    this.engine = engine;
    this.dimensions = dimensions;
    this.weights = engine.heap.keep(engine.kernel.weights_bytes(dimensions['I']!, dimensions['H']!));
  }

  load(parameters: Readonly<Record<string, FloatArray>>): void {
    const { engine, dimensions, weights } = this;
    const call = engine.call();
    try {
      const tensors = Object.keys(engine.signature.parameters).map((name) => call.upload(parameters[name]!).at);
      engine.kernel.prepare(dimensions['I']!, dimensions['H']!, weights.at, ...tensors);
    } finally {
      call.end();
    }
  }

  run(_: unknown, sequence: Sequence<Buffer>): Run<Buffer> {
    const { kernel } = this.engine;
    return this.overSteps(sequence, (...operands) => kernel.run(...operands)).run;
  }

  stream(batch: number, below: LayerStream<'sync'> | undefined): LayerStream<'sync'> {
    return new WasmStream(this, batch, below as WasmStream | undefined);
  }

  /** Makes room for a run and its results, and runs it; what `kernelRun` pushes on the stack is gone when it ends. */
  protected overSteps<T>(
    sequence: Sequence<Buffer>,
    kernelRun: (...operands: RunOperands) => T,
  ): { readonly run: Run<Buffer>; readonly result: T } {
    const { engine, weights } = this;
    const { kernel, heap } = engine;
    const { I, H } = this.dimensions as Readonly<Record<'I' | 'H', number>>;
    const { inputs, states, batchSizes, reverse } = sequence;
    const input = inputs[0]!;
    const batch = batchSizes[0]!;
    const rows = input.length / I;
    const output = engine.push(rows * H);
    const state = engine.push(batch * H);
    const mark = heap.mark();
    const sizes = engine.pushSizes(batchSizes);
    const scratch = heap.push(kernel.scratch_bytes(I, H, rows, batch));
    engine.view(state).set(engine.view(states[0]!));
    const result = kernelRun(
      I,
      H,
      weights.at,
      scratch,
      sizes,
      batchSizes.length,
      rows,
      Number(reverse),
      input.at,
      state.at,
      output.at,
    );
    heap.release(mark);
    return { run: { outputs: [output], states: [state] }, result };
  }
}
