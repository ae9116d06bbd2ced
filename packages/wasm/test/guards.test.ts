import { expect, test } from 'vitest';
import { numbers } from '../../../tools/testing/numbers.ts';
import { hasRelaxed, type Variant } from '../src/modules.ts';
import { GuardedMemory } from './guarded-memory.ts';

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

for (const variant of hasRelaxed() ? [...EXACT, ...RELAXED] : EXACT) {
  for (const [I, H] of SIZES) {
    for (const batchSizes of [[1, 1, 1], [5, 5, 3, 2, 1], Array.from({ length: 30 }, () => 5)]) {
      for (const reverse of [0, 1]) {
        const shape = `I=${I} H=${H}, ${batchSizes.length} steps of ${batchSizes[0]} rows, ${reverse ? 'reversed' : 'forward'}`;
        test(`${variant} ${shape}: nothing outside the buffers is written, or matters`, () => {
          const memory = new GuardedMemory(variant);
          const { dtype, kernel } = memory;
          const [rows, batch] = [batchSizes.reduce((sum, size) => sum + size, 0), batchSizes[0]!];
          const weights = memory.bytes(kernel.weights_bytes(I, H));
          const tensors = [3 * H * I, 3 * H * H, 3 * H, 3 * H].map((count, seed) => memory.elements(count, seed));
          const sources = [...tensors.map((at) => memory.copy(at, 8))];
          kernel.prepare(I, H, weights, ...tensors);
          expect(memory.damage()).toEqual([]);

          const scratch = memory.bytes(kernel.scratch_bytes(I, H, rows, batch));
          const sizes = memory.integers(batchSizes);
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

        test(`${variant} ${shape}: nor on the way back`, () => {
          const memory = new GuardedMemory(variant);
          const { dtype, kernel, training } = memory;
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
          expect(memory.damage()).toEqual([]);
          expect(memory.read(output, rows * H).every(Number.isFinite)).toBe(true);
          const recorded = (rows * training.trace_bytes(I, H)) / (dtype === 'float64' ? 8 : 4);
          expect(memory.read(trace, recorded).every(Number.isFinite)).toBe(true);

          const back = memory.bytes(training.adjoint_weights_bytes(I, H));
          training.prepare_adjoint(I, H, back, ...tensors);
          expect(memory.damage()).toEqual([]);

          const backScratch = memory.bytes(training.adjoint_scratch_bytes(I, H, rows, batch));
          const dOutput = memory.elements(rows * H, 7);
          const dInput = memory.elements(rows * I);
          const dState = memory.elements(batch * H, 8);
          const gradients = lengths.map((count) => memory.elements(count));
          training.pull_back(I, H, back, backScratch, ...sequence, trace, input, dOutput, dInput, dState, ...gradients);
          expect(memory.damage()).toEqual([]);
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
