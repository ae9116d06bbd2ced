import { hostBackend, hostTraining } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';
import { numbers } from '../../../tools/testing/numbers.ts';
import * as gru from '../src/generated/gru.ts';
import * as projected from '../src/generated/lstm_projected.ts';
import { nativeKernels } from '../src/kernels.ts';
import { packageAddon } from '../src/load.ts';
import { guardedMemory } from './guarded-memory.ts';

const addon = packageAddon();

const SIZES = [
  [1, 1],
  [2, 3],
  [5, 7],
  [17, 13],
  [65, 21],
  [6, 66],
] as const;

const SEQUENCES = [[1, 1, 1], [5, 5, 3, 2, 1], Array.from({ length: 30 }, () => 5)];

/** The cells, and their dimensions. */
const CELLS = [
  { cell: gru, dimensions: (I: number, H: number) => ({ I, H }) },
  { cell: projected, dimensions: (I: number, H: number) => ({ I, P: Math.max(1, H >> 1), H }) },
] as const;

for (const { cell, dimensions } of CELLS) {
  const { signature } = cell;
  describe.each(addon.variants)(`${signature.name}, %s`, (variant) => {
    describe.each(['float32', 'float64'] as const)('%s', (dtype) => {
      const open = (threads: number) => {
        const memory = guardedMemory(addon, dtype);
        const kernels = () => nativeKernels(addon, signature, dtype, variant, threads, memory);
        const supports = { float64: true, deterministic: true };
        const backend = hostBackend({ name: 'guarded', supports, signature, kernels, training: hostTraining });
        return { memory, engine: backend.openSync!({ dtype }) };
      };

      test.each([1, 3])('with %d threads nothing outside the buffers is written, or matters', (threads) => {
        for (const [I, H] of SIZES) {
          for (const batchSizes of SEQUENCES) {
            const { memory, engine } = open(threads);
            const sizes: Record<string, number> = dimensions(I, H);
            const layer = engine.layer(sizes);
            const widthOf = (shape: readonly (string | number)[]): number =>
              shape.reduce<number>((width, name) => width * sizes[name]!, 1);
            const parameters = Object.fromEntries(
              Object.entries(signature.parameters).map(([name, { blocks, shape }], seed) => [
                name,
                numbers(dtype, blocks.length * widthOf(shape), seed),
              ]),
            );
            layer.load(parameters);
            const [rows, batch] = [batchSizes.reduce((sum, size) => sum + size, 0), batchSizes[0]!];
            const call = engine.call();
            const upload = (count: number) => (value: { readonly shape: readonly (string | number)[] }, seed: number) =>
              call.upload(numbers(dtype, count * widthOf(value.shape), seed));
            const sequences = [false, true].map((reverse) => ({
              inputs: signature.inputs.map(upload(rows)),
              states: signature.states.map(upload(batch)),
              batchSizes,
              reverse,
            }));
            const runs = sequences.map((sequence) => layer.record!(call, sequence));
            const plain = sequences.map((sequence) => layer.run(call, sequence));
            const gradients = runs.map(({ trace }) =>
              trace.pullback(call, parameters, {
                outputs: signature.outputs.map(upload(rows)),
                states: signature.states.map(upload(batch)),
              }),
            );
            runs.forEach(({ outputs, states }, at) => {
              const recorded = [...outputs, ...states].map((buffer) => call.download(buffer));
              expect([...plain[at]!.outputs, ...plain[at]!.states].map((buffer) => call.download(buffer))).toEqual(
                recorded,
              );
              const { inputs, states: first, parameters: tensors } = gradients[at]!;
              const found = [...inputs, ...first, ...Object.values(tensors)].map((buffer) => call.download(buffer));
              expect([...recorded, ...found].every((array) => array.every(Number.isFinite))).toBe(true);
            });
            call.end();
            const stream = layer.stream(batch, undefined);
            stream.setStates(signature.states.map(({ shape }, seed) => numbers(dtype, batch * widthOf(shape), seed)));
            signature.inputs.forEach(({ shape }, at) => {
              stream.write(at, numbers(dtype, batch * widthOf(shape), at));
            });
            for (let step = 0; step < 3; step++) stream.step();
            memory.verify();
          }
        }
      });
    });
  });
}
