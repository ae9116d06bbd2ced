import type { Call, CellSignature, Dimensions, DType, FloatArray, RecordedRun, Sequence } from '@congruent/runtime';
import { type Buffer, WasmEngine } from './engine.ts';
import { bytes as float32 } from './generated/gru.float32.training.ts';
import type { Kernel, TrainingKernel } from './kernel.ts';
import { WasmLayer } from './layer.ts';
import { type Loaders, provide } from './modules.ts';
import { WasmTrace } from './trace.ts';
import type { WebAssemblyImports } from './webassembly.ts';

provide('float32.training', float32);

export const training: Loaders = {
  'float64.training': () => import('./generated/gru.float64.training.ts'),
  'float32.relaxed.training': () => import('./generated/gru.float32.relaxed.training.ts'),
  'float64.relaxed.training': () => import('./generated/gru.float64.relaxed.training.ts'),
};

/** What a module for gradients imports: the memory of the one for inference. */
export const importsFrom = ({ memory }: Kernel): WebAssemblyImports => ({ inference: { memory } });

/** An engine whose layers record. */
export class TrainingEngine extends WasmEngine {
  private instantiate: (() => TrainingKernel) | undefined;
  private instance: TrainingKernel | undefined;

  /** `instantiate` is called by the first recording, which cannot wait. */
  constructor(kernel: Kernel, signature: CellSignature, dtype: DType, instantiate: () => TrainingKernel) {
    super(kernel, signature, dtype);
    this.instantiate = instantiate;
  }

  get training(): TrainingKernel {
    this.instance ??= this.instantiate!();
    return this.instance;
  }

  override layer(dimensions: Dimensions): RecordingLayer {
    return new RecordingLayer(this, dimensions);
  }

  override call(): Call<'sync', Buffer> {
    return {
      ...super.call(),
      split: (whole, count, rows, mask) => this.split(whole, count, rows, mask),
      add: (left, right) => this.add(left, right),
    };
  }

  override dispose(): void {
    super.dispose();
    this.instantiate = undefined;
    this.instance = undefined;
  }

  private split(whole: Buffer, count: number, rows: number, mask: FloatArray | undefined): Buffer[] {
    const width = whole.length / rows / count;
    const parts = Array.from({ length: count }, () => this.push(rows * width));
    const from = this.view(whole);
    parts.forEach((part, index) => {
      const to = this.view(part);
      for (let row = 0, at = index * width, next = 0; row < rows; row++, at += count * width) {
        for (let column = at; column < at + width; column++) {
          to[next++] = mask ? from[column]! * mask[column]! : from[column]!;
        }
      }
    });
    return parts;
  }

  private add(left: Buffer, right: Buffer): Buffer {
    const sum = this.push(left.length);
    const [to, a, b] = [sum, left, right].map((buffer) => this.view(buffer)) as [FloatArray, FloatArray, FloatArray];
    for (let index = 0; index < to.length; index++) to[index] = a[index]! + b[index]!;
    return sum;
  }
}

/** A layer that can be gone backwards. */
class RecordingLayer extends WasmLayer {
  private readonly recorder: TrainingEngine;

  constructor(engine: TrainingEngine, dimensions: Dimensions) {
    super(engine, dimensions);
    this.recorder = engine;
  }

  record(_: unknown, sequence: Sequence<Buffer>): RecordedRun<'sync', Buffer> {
    const { recorder: engine, dimensions } = this;
    const { training } = engine;
    const { I, H } = dimensions as Readonly<Record<'I' | 'H', number>>;
    const recordedBytes = (sequence.inputs[0]!.length / I) * training.trace_bytes(I, H);
    const { run, result: recorded } = this.overSteps(sequence, (...operands) => {
      const trace = engine.push(recordedBytes / engine.bytesPerElement);
      training.record(...operands, trace.at);
      return engine.view(trace).slice();
    });
    return { ...run, trace: new WasmTrace(engine, dimensions, sequence, recorded) };
  }
}
