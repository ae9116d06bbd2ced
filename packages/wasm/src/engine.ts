import type { Call, CellSignature, Dimensions, DType, Engine, FloatArray, Layer } from '@congruent/runtime';
import { Heap } from './heap.ts';
import type { Kernel } from './kernel.ts';
import { WasmLayer } from './layer.ts';

/** Elements in the memory. */
export interface Buffer {
  /** Address in bytes. */
  readonly at: number;
  /** Elements. */
  readonly length: number;
}

/** One instance of a module with a memory of its own. */
export class WasmEngine implements Engine<'sync', Buffer> {
  readonly signature: CellSignature;
  readonly bytesPerElement: number;
  private readonly dtype: DType;
  private parts: { readonly kernel: Kernel; readonly heap: Heap } | undefined;

  constructor(kernel: Kernel, signature: CellSignature, dtype: DType) {
    this.parts = { kernel, heap: new Heap(kernel.memory) };
    this.signature = signature;
    this.dtype = dtype;
    this.bytesPerElement = dtype === 'float64' ? 8 : 4;
  }

  get kernel(): Kernel {
    return this.parts!.kernel;
  }

  get heap(): Heap {
    return this.parts!.heap;
  }

  /** A view on elements of the memory, gone when it grows. */
  view({ at, length }: Buffer): FloatArray {
    const { buffer } = this.heap;
    return this.dtype === 'float64' ? new Float64Array(buffer, at, length) : new Float32Array(buffer, at, length);
  }

  /** A buffer on the stack of the call under way. */
  push(length: number): Buffer {
    return { at: this.heap.push(length * this.bytesPerElement), length };
  }

  /** The rows of each step on the stack; their address. */
  pushSizes(batchSizes: readonly number[]): number {
    const at = this.heap.push(4 * batchSizes.length);
    new Int32Array(this.heap.buffer, at, batchSizes.length).set(batchSizes);
    return at;
  }

  layer(dimensions: Dimensions): Layer<'sync', Buffer> {
    return new WasmLayer(this, dimensions);
  }

  call(): Call<'sync', Buffer> {
    return {
      upload: (data) => {
        const buffer = this.push(data.length);
        this.view(buffer).set(data);
        return buffer;
      },
      download: (buffer) => this.view(buffer).slice(),
      join: (parts, rows, mask) => this.join(parts, rows, mask),
      end: () => this.heap.release(),
    };
  }

  /** Lets go of the memory, also where streams of this engine are still held. */
  dispose(): void {
    this.parts = undefined;
  }

  private join(parts: readonly Buffer[], rows: number, mask: FloatArray | undefined): Buffer {
    const joined = this.push(parts.reduce((sum, { length }) => sum + length, 0));
    const to = this.view(joined);
    const stride = joined.length / rows;
    let start = 0;
    for (const part of parts) {
      const from = this.view(part);
      const width = part.length / rows;
      for (let row = 0, at = start, index = 0; row < rows; row++, at += stride) {
        for (let column = 0; column < width; column++) to[at + column] = from[index++]!;
      }
      start += width;
    }
    if (mask) for (let index = 0; index < to.length; index++) to[index]! *= mask[index]!;
    return joined;
  }
}
