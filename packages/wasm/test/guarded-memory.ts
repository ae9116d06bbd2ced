import type { DType } from '@congruent/runtime';
import { instantiateSync } from '../src/compile.ts';
import '../src/float64.ts';
import type { Kernel, TrainingKernel } from '../src/kernel.ts';
import { loadSync, type Variant } from '../src/modules.ts';
import '../src/relaxed.ts';
import '../src/training.ts';
import { numbers } from '../../../tools/testing/numbers.ts';

/** A byte that makes NaN of float32 and float64 alike. */
const CANARY = 0xff;
const GUARD = 256;

/** A memory of the caller's making: every buffer is between guards, and all that is not a buffer is NaN. */
export class GuardedMemory {
  readonly kernel: Kernel;
  readonly training: TrainingKernel;
  readonly dtype: DType;
  private readonly buffers: { readonly at: number; readonly bytes: number }[] = [];
  private top = GUARD;

  constructor(variant: Variant) {
    this.dtype = variant.startsWith('float64') ? 'float64' : 'float32';
    this.kernel = instantiateSync(loadSync(variant));
    const { memory } = this.kernel;
    this.training = instantiateSync(loadSync(`${variant}.training`), { inference: { memory } });
    memory.grow(31);
    new Uint8Array(this.kernel.memory.buffer).fill(CANARY);
  }

  /** A buffer of exactly so many bytes; the guard follows at once. */
  bytes(bytes: number): number {
    const at = this.top;
    this.buffers.push({ at, bytes });
    this.top = Math.ceil((at + bytes + GUARD) / 64) * 64;
    return at;
  }

  elements(count: number, seed?: number): number {
    const values = numbers(this.dtype, count, seed ?? 0);
    const at = this.bytes(values.byteLength);
    if (seed !== undefined) new Uint8Array(this.kernel.memory.buffer, at).set(new Uint8Array(values.buffer));
    return at;
  }

  read(at: number, count: number): number[] {
    const { buffer } = this.kernel.memory;
    return [...(this.dtype === 'float64' ? new Float64Array(buffer, at, count) : new Float32Array(buffer, at, count))];
  }

  copy(at: number, bytes: number): string {
    return new Uint8Array(this.kernel.memory.buffer, at, bytes).toString();
  }

  integers(values: readonly number[]): number {
    const at = this.bytes(4 * values.length);
    new Int32Array(this.kernel.memory.buffer, at, values.length).set(values);
    return at;
  }

  /** Addresses outside all buffers that were written. */
  damage(): number[] {
    const memory = new Uint8Array(this.kernel.memory.buffer);
    const inside = new Uint8Array(memory.length);
    for (const { at, bytes } of this.buffers) inside.fill(1, at, at + bytes);
    const written: number[] = [];
    for (let at = 0; at < memory.length; at++) if (inside[at] === 0 && memory[at] !== CANARY) written.push(at);
    return written;
  }
}
