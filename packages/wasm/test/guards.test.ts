import type { EngineOptions } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { numbers } from '../../../tools/testing/numbers.ts';
import { instantiateSync } from '../src/compile.ts';
import * as gru from '../src/generated/gru.ts';
import type { TrainingKernel } from '../src/kernel.ts';
import { hasRelaxed, load, type Variant } from '../src/modules.ts';
import { importsFrom } from '../src/training.ts';
import { guardedHeap } from './guarded-heap.ts';

const EXACT: readonly Variant[] = ['float32', 'float64'];
const RELAXED: readonly Variant[] = ['float32.relaxed', 'float64.relaxed'];

const SIZES = [
  [1, 1],
  [2, 3],
  [5, 7],
  [3, 9],
  [17, 13],
  [65, 21],
  [6, 66],
] as const;

if (!hasRelaxed()) test.skip(`${RELAXED.join(' and ')} between guards: this engine has no relaxed SIMD`, () => {});

/** The options that a module is for. */
const optionsFor = (variant: Variant): EngineOptions => ({
  dtype: variant.startsWith('float64') ? 'float64' : 'float32',
  math: variant.endsWith('.relaxed') ? 'relaxed' : 'exact',
});

/** The GRU's modules, and operands of theirs between guards, by their addresses. */
async function guarded(variant: Variant) {
  const { dtype } = optionsFor(variant);
  const kernel = instantiateSync(await load(gru, 'inference', optionsFor(variant)));
  const training = instantiateSync<TrainingKernel>(
    await load(gru, 'training', optionsFor(variant)),
    importsFrom(kernel),
  );
  const heap = guardedHeap(kernel.memory, dtype);
  return {
    dtype,
    kernel,
    training,
    verify: heap.verify,
    bytes: (count: number): number => heap.push(count / heap.bytesPerElement).at,
    read: (at: number, length: number): number[] => [...heap.view({ at, length })],
    /** Numbers that follow from the seed, or NaN. */
    elements(count: number, seed?: number): number {
      const buffer = heap.push(count);
      if (seed !== undefined) heap.view(buffer).set(numbers(dtype, count, seed));
      return buffer.at;
    },
    integers(values: readonly number[]): number {
      const { at } = heap.push(values.length);
      new Int32Array(heap.bytes(), at, values.length).set(values);
      return at;
    },
  };
}

for (const variant of hasRelaxed() ? [...EXACT, ...RELAXED] : EXACT) {
  for (const [I, H] of SIZES) {
    for (const batchSizes of [[1, 1, 1], [5, 5, 3, 2, 1], Array.from({ length: 30 }, () => 5)]) {
      for (const reverse of [0, 1]) {
        const shape = `I=${I} H=${H}, ${batchSizes.length} steps of ${batchSizes[0]} rows, ${reverse ? 'reversed' : 'forward'}`;
        test(`${variant} ${shape}: nothing outside the buffers is written, or matters`, async () => {
          const { kernel, dtype, ...memory } = await guarded(variant);
          const [rows, batch] = [batchSizes.reduce((sum, size) => sum + size, 0), batchSizes[0]!];
          const weights = memory.bytes(kernel.weights_bytes(I, H));
          const tensors = [3 * H * I, 3 * H * H, 3 * H, 3 * H].map((count, seed) => memory.elements(count, seed));
          const sources = tensors.map((at) => memory.read(at, 1));
          kernel.prepare(I, H, weights, ...tensors);
          memory.verify();

          const scratch = memory.bytes(kernel.scratch_bytes(I, H, rows, batch));
          const sizes = memory.integers(batchSizes);
          const input = memory.elements(rows * I, 5);
          const state = memory.elements(batch * H, 6);
          const output = memory.elements(rows * H);
          kernel.run(I, H, weights, scratch, sizes, batchSizes.length, rows, reverse, input, state, output);
          memory.verify();
          expect(memory.read(output, rows * H).every(Number.isFinite)).toBe(true);
          expect(memory.read(state, batch * H).every(Number.isFinite)).toBe(true);

          const stepped = memory.elements(batch * H);
          kernel.step(I, H, weights, scratch, batch, input, state, stepped);
          memory.verify();
          expect(memory.read(stepped, batch * H).every(Number.isFinite)).toBe(true);
          expect(memory.read(state, batch * H)).toEqual(memory.read(stepped, batch * H));
          expect(tensors.map((at) => memory.read(at, 1))).toEqual(sources);
          expect(memory.read(input, rows * I)).toEqual([...numbers(dtype, rows * I, 5)]);
        });

        test(`${variant} ${shape}: nor by the backward pass`, async () => {
          const { kernel, training, dtype, ...memory } = await guarded(variant);
          const [rows, batch] = [batchSizes.reduce((sum, size) => sum + size, 0), batchSizes[0]!];
          const lengths = [3 * H * I, 3 * H * H, 3 * H, 3 * H];
          const tensors = lengths.map((count, seed) => memory.elements(count, seed));
          const weights = memory.bytes(kernel.weights_bytes(I, H));
          kernel.prepare(I, H, weights, ...tensors);
          const sequence = [memory.integers(batchSizes), batchSizes.length, rows, reverse] as const;
          const input = memory.elements(rows * I, 5);
          const state = memory.elements(batch * H, 6);
          const output = memory.elements(rows * H);
          const trace = memory.bytes(rows * training.trace_bytes(I, H));
          const scratch = memory.bytes(kernel.scratch_bytes(I, H, rows, batch));
          training.record(I, H, weights, scratch, ...sequence, input, state, output, trace);
          memory.verify();
          expect(memory.read(output, rows * H).every(Number.isFinite)).toBe(true);
          const recorded = (rows * training.trace_bytes(I, H)) / (dtype === 'float64' ? 8 : 4);
          expect(memory.read(trace, recorded).every(Number.isFinite)).toBe(true);

          const back = memory.bytes(training.adjoint_weights_bytes(I, H));
          training.prepare_adjoint(I, H, back, ...tensors);
          memory.verify();

          const backScratch = memory.bytes(training.adjoint_scratch_bytes(I, H, rows, batch));
          const dOutput = memory.elements(rows * H, 7);
          const dInput = memory.elements(rows * I);
          const dState = memory.elements(batch * H, 8);
          const gradients = lengths.map((count) => memory.elements(count));
          training.pull_back(I, H, back, backScratch, ...sequence, input, dOutput, dInput, dState, ...gradients, trace);
          memory.verify();
          for (const [at, count] of [
            [dInput, rows * I],
            [dState, batch * H],
            ...gradients.map((at, index) => [at, lengths[index]!] as const),
          ] as const) {
            expect(memory.read(at, count).every(Number.isFinite)).toBe(true);
          }
          expect(memory.read(input, rows * I)).toEqual([...numbers(dtype, rows * I, 5)]);
          expect(memory.read(dOutput, rows * H)).toEqual([...numbers(dtype, rows * H, 7)]);
        });
      }
    }
  }
}

test('a byte that is written before, between or behind buffers is noticed, and one inside is not', async () => {
  const { memory } = instantiateSync(await load(gru, 'inference', { dtype: 'float32' }));
  const heap = guardedHeap(memory, 'float32');
  const [first, second] = [heap.keep(3), heap.push(5)];
  const bytes = new Uint8Array(memory.buffer);
  for (const at of [first.at - 1, first.at + 12, second.at - 1, second.at + 20, bytes.length - 1]) {
    const before = bytes[at]!;
    bytes[at] = 0;
    expect(heap.verify).toThrow(`byte ${at}`);
    expect(heap.release).toThrow(`byte ${at}`);
    bytes[at] = before;
  }
  bytes.fill(0, first.at, first.at + 12);
  bytes.fill(0, second.at, second.at + 20);
  heap.verify();
});
