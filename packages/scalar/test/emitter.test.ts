import { compile, float32, float64, interpreter } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { expect, test } from 'vitest';
import { cells } from '../../../tools/testing/cells.ts';
import { numbers } from '../../../tools/testing/numbers.ts';
import { DIMENSIONS, lengthOf, parametersOf } from '../../../tools/testing/operands.ts';
import emitter from '../codegen/index.ts';
import { load } from './emitted.ts';

const STEPS = 4;

for (const [dtype, Vector, arithmetic] of [
  ['float32', Float32Array, float32],
  ['float64', Float64Array, float64],
] as const) {
  for (const tested of cells) {
    test(`the ${dtype} kernel of ${tested.name} has the interpreter's bits, step by step, for each row of a batch`, async () => {
      const program = compile(tested);
      const kernel = await load(program, dtype);
      const { blocks, stacked } = parametersOf(tested);
      const { step } = interpreter(program, arithmetic, blocks);
      const [batch, width] = [2, lengthOf(tested.inputs[0]!.shape)];
      const input = Vector.from(numbers('float32', STEPS * batch * width, 99));
      const states = tested.states.map((_, index) => Vector.from(numbers('float32', batch * DIMENSIONS.H, 50 + index)));
      const weights = kernel.prepare(
        Object.fromEntries(Object.entries(stacked).map(([name, values]) => [name, Vector.from(values)])),
        DIMENSIONS,
      );
      const scratch = kernel.scratch(DIMENSIONS, STEPS * batch);
      const readsInput = program.schedule.carried.some(({ name }) => name === tested.inputs[0]!.name);
      kernel.before(weights, scratch, STEPS * batch, input);
      for (let t = 0; t < STEPS; t++) {
        const expected = [0, 1].map((row) => {
          const at = (t * batch + row) * width;
          const before = states.map((state) => [...state.subarray(row * DIMENSIONS.H, (row + 1) * DIMENSIONS.H)]);
          const operands = tested.states.map(({ name }, index) => [name, before[index]!]);
          return step({
            ...Object.fromEntries(operands),
            [tested.inputs[0]!.name]: [...input.subarray(at, at + width)],
          });
        });
        kernel.step(weights, scratch, t * batch, batch, ...(readsInput ? [input] : []), ...states);
        tested.states.forEach(({ name }, index) => {
          expect([...states[index]!]).toEqual(expected.flatMap((next) => next[name] as number[]));
        });
      }
    });
  }
}

test('emitting is pure: the same program gives the same bytes', () => {
  expect(emitter.emit(compile(gru))).toEqual(emitter.emit(compile(gru)));
});
