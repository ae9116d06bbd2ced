import { compile, float32, float64, interpreter } from '@congruent/codegen';
import { cell, gru } from '@congruent/spec';
import { expect, test } from 'vitest';
import { cells } from '../../../tools/testing/cells.ts';
import { numbers } from '../../../tools/testing/numbers.ts';
import { DIMENSIONS, lengthOf, parametersOf } from '../../../tools/testing/operands.ts';
import emitter from '../codegen/index.ts';
import { addresses, dimensionsOf, load, Placer } from './emitted.ts';

const STEPS = 4;
const BATCH = 2;

for (const [dtype, Vector, arithmetic] of [
  ['float32', Float32Array, float32],
  ['float64', Float64Array, float64],
] as const) {
  for (const tested of cells) {
    test(`the ${dtype} module of ${tested.name} has the interpreter's bits, step by step, for each row of a batch`, () => {
      const program = compile(tested);
      const { memory, inference } = load(program, dtype);
      const dimensions = dimensionsOf(tested);
      const placer = new Placer(memory, Vector);
      const place = (values: ArrayLike<number>) => placer.place(values);
      const { blocks, stacked } = parametersOf(tested);
      const weights = placer.reserve(inference['weights_bytes']!(...dimensions));
      inference['prepare']!(...dimensions, weights, ...addresses(Object.values(stacked).map(place)));
      const rows = STEPS * BATCH;
      const scratch = placer.reserve(inference['scratch_bytes']!(...dimensions, rows, BATCH));
      const width = lengthOf(tested.inputs[0]!.shape);
      const input = place(numbers('float32', rows * width, 99));
      const initial = tested.states.map((_, index) => numbers('float32', BATCH * DIMENSIONS.H, 50 + index));
      const stepped = initial.map(place);
      const run = initial.map(place);
      const output = place(new Vector(rows * DIMENSIONS.H));
      const sizes = placer.integers(new Array(STEPS).fill(BATCH));

      const { step } = interpreter(program, arithmetic, blocks);
      const outputs: number[] = [];
      for (let t = 0; t < STEPS; t++) {
        const expected = [0, 1].map((row) => {
          const at = (t * BATCH + row) * width;
          const operands = tested.states.map(({ name }, index) => [
            name,
            [...stepped[index]!.subarray(row * DIMENSIONS.H, (row + 1) * DIMENSIONS.H)],
          ]);
          return step({
            ...Object.fromEntries(operands),
            [tested.inputs[0]!.name]: [...input.subarray(at, at + width)],
          });
        });
        const x = input.byteOffset + t * BATCH * width * Vector.BYTES_PER_ELEMENT;
        inference['step']!(...dimensions, weights, scratch, BATCH, x, ...addresses(stepped));
        tested.states.forEach(({ name }, index) => {
          expect([...stepped[index]!]).toEqual(expected.flatMap((next) => next[name] as number[]));
        });
        outputs.push(...stepped[0]!);
      }
      inference['run']!(
        ...dimensions,
        weights,
        scratch,
        sizes,
        STEPS,
        rows,
        0,
        input.byteOffset,
        ...addresses(run),
        output.byteOffset,
      );
      expect([...output]).toEqual(outputs);
      expect(run.map((state) => [...state])).toEqual(stepped.map((state) => [...state]));
    });
  }
}

test('a cell that the kernels cannot run is refused, and not run wrongly', () => {
  const product = cell`
    product(x[H], h[H], g[H]) -> h', g'
    h' = W @ h
    g' = x * g
    layout plain
      W = [W]
  `;
  expect(() => emitter.emit(compile(product))).toThrow("h': a next state that no element-wise stage");
});

test('emitting is pure: the same program gives the same bytes', () => {
  expect(emitter.emit(compile(gru))).toEqual(emitter.emit(compile(gru)));
});
