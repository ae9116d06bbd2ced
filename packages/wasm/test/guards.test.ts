import type { DType } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { instantiateSync } from '../src/compile.ts';
import { bytes as float32 } from '../src/generated/gru.float32.ts';
import { bytes as float64 } from '../src/generated/gru.float64.ts';
import { numbers } from './examples.ts';

/** A byte that makes NaN of float32 and float64 alike. */
const CANARY = 0xff;
const GUARD = 256;

/** A memory of the caller's making: every buffer is between guards, and all that is not a buffer is NaN. */
class GuardedMemory {
  readonly kernel;
  private readonly dtype: DType;
  private readonly buffers: { readonly at: number; readonly bytes: number }[] = [];
  private top = GUARD;

  constructor(dtype: DType) {
    this.dtype = dtype;
    this.kernel = instantiateSync(dtype === 'float64' ? float64 : float32);
    this.kernel.memory.grow(15);
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

const SIZES = [
  [1, 1],
  [2, 3],
  [5, 7],
  [3, 9],
  [17, 13],
  [65, 21],
  [6, 66],
] as const;

for (const dtype of ['float32', 'float64'] as const) {
  for (const [I, H] of SIZES) {
    for (const batchSizes of [[1, 1, 1], [5, 5, 3, 2, 1], Array.from({ length: 30 }, () => 5)]) {
      for (const reverse of [0, 1]) {
        const shape = `I=${I} H=${H}, ${batchSizes.length} steps of ${batchSizes[0]} rows, ${reverse ? 'reversed' : 'forward'}`;
        test(`${dtype} ${shape}: nothing outside the buffers is written, or matters`, () => {
          const memory = new GuardedMemory(dtype);
          const { kernel } = memory;
          const [rows, batch] = [batchSizes.reduce((sum, size) => sum + size, 0), batchSizes[0]!];
          const weights = memory.bytes(kernel.weights_bytes(I, H));
          const tensors = [3 * H * I, 3 * H * H, 3 * H, 3 * H].map((count, seed) => memory.elements(count, seed));
          const sources = [...tensors.map((at) => memory.copy(at, 8))];
          kernel.prepare(I, H, weights, ...tensors);
          expect(memory.damage()).toEqual([]);

          const scratch = memory.bytes(kernel.scratch_bytes(I, H, rows, batch));
          const sizes = memory.bytes(4 * batchSizes.length);
          new Int32Array(kernel.memory.buffer, sizes, batchSizes.length).set(batchSizes);
          const input = memory.elements(rows * I, 5);
          const state = memory.elements(batch * H, 6);
          const output = memory.elements(rows * H);
          kernel.run(I, H, weights, scratch, sizes, batchSizes.length, rows, reverse, input, state, output);
          expect(memory.damage()).toEqual([]);
          expect(memory.read(output, rows * H).every(Number.isFinite)).toBe(true);
          expect(memory.read(state, batch * H).every(Number.isFinite)).toBe(true);

          kernel.step(I, H, weights, scratch, batch, input, state);
          expect(memory.damage()).toEqual([]);
          expect(memory.read(state, batch * H).every(Number.isFinite)).toBe(true);
          expect(tensors.map((at) => memory.copy(at, 8))).toEqual(sources);
          expect(memory.read(input, rows * I)).toEqual([...numbers(dtype, rows * I, 5)]);
        });
      }
    }
  }
}
