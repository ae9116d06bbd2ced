import type { Call, Dimensions, FloatArray, LayerGradients, Run, Sequence, Trace } from '@congruent/runtime';
import type { Buffer } from './engine.ts';
import type { TrainingEngine } from './training.ts';

/**
 * What one run recorded, in arrays of JavaScript: its garbage collector then owns them, and the memory of WebAssembly
 * never holds more than the call under way. Copying costs little beside the work.
 */
export class WasmTrace implements Trace<'sync', Buffer> {
  private readonly engine: TrainingEngine;
  private readonly dimensions: Dimensions;
  private readonly batchSizes: readonly number[];
  private readonly reverse: boolean;
  private arrays: { readonly input: FloatArray; readonly recorded: FloatArray } | undefined;

  constructor(engine: TrainingEngine, dimensions: Dimensions, sequence: Sequence<Buffer>, recorded: FloatArray) {
    this.engine = engine;
    this.dimensions = dimensions;
    this.batchSizes = sequence.batchSizes;
    this.reverse = sequence.reverse;
    this.arrays = { input: engine.view(sequence.inputs[0]!).slice(), recorded };
  }

  pullback(
    call: Call<'sync', Buffer>,
    parameters: Readonly<Record<string, FloatArray>>,
    adjoints: Run<Buffer>,
  ): LayerGradients<Buffer> {
    const { engine, batchSizes } = this;
    const { training, heap } = engine;
    const { I, H } = this.dimensions as Readonly<Record<'I' | 'H', number>>;
    const { input, recorded } = this.arrays!;
    const names = Object.keys(engine.signature.parameters);
    const rows = input.length / I;
    const inputAdjoint = engine.push(input.length);
    const state = engine.push(adjoints.states[0]!.length);
    const gradients = names.map((name) => engine.push(parameters[name]!.length));
    const mark = heap.mark();
    const weights = this.pushWeights(
      call,
      names.map((name) => parameters[name]!),
    );
    const [trace, x] = [call.upload(recorded), call.upload(input)];
    const sizes = engine.pushSizes(batchSizes);
    const scratch = heap.push(training.adjoint_scratch_bytes(I, H, rows, batchSizes[0]!));
    engine.view(state).set(engine.view(adjoints.states[0]!));
    training.pull_back(
      I,
      H,
      weights,
      scratch,
      sizes,
      batchSizes.length,
      rows,
      Number(this.reverse),
      trace.at,
      x.at,
      adjoints.outputs[0]!.at,
      inputAdjoint.at,
      state.at,
      ...gradients.map(({ at }) => at),
    );
    heap.release(mark);
    return {
      inputs: [inputAdjoint],
      states: [state],
      parameters: Object.fromEntries(names.map((name, index) => [name, gradients[index]!])),
    };
  }

  dispose(): void {
    this.arrays = undefined;
  }

  /** The parameters on the stack, packed; their address. */
  private pushWeights(call: Call<'sync', Buffer>, tensors: readonly FloatArray[]): number {
    const { engine, dimensions } = this;
    const { training, heap } = engine;
    const { I, H } = dimensions as Readonly<Record<'I' | 'H', number>>;
    const weights = heap.push(training.adjoint_weights_bytes(I, H));
    const mark = heap.mark();
    training.prepare_adjoint(I, H, weights, ...tensors.map((tensor) => call.upload(tensor).at));
    heap.release(mark);
    return weights;
  }
}
