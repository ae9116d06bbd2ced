import { compile, float64, interpreter } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { expect, test } from 'vitest';
import { elementwise, gate, lstm, peephole, resetBefore, twoWays } from '../../../tools/testing/cells.ts';
import { numbers } from '../../../tools/testing/numbers.ts';
import { DIMENSIONS, lengthOf, parametersOf } from '../../../tools/testing/operands.ts';
import emitter from '../codegen/index.ts';
import { Steps } from '../src/steps.ts';
import { emitted } from './emitted.ts';

const [STEPS, BATCH] = [4, 2];

for (const mode of ['cpu', 'webasm'] as const) {
  for (const tested of [gru, lstm, resetBefore, gate, peephole, twoWays]) {
    test(`the kernels of ${tested.name} give what the interpreter does, step by step, on ${mode}`, async () => {
      const program = compile(tested);
      const { kernels, scope } = await emitted(program, mode);
      const steps = new Steps(kernels, DIMENSIONS, scope);
      const { blocks, stacked } = parametersOf(tested);
      const { step } = interpreter(program, float64, blocks);
      const weights = await scope.uploadAll(kernels.prepare(stacked, DIMENSIONS));
      const width = lengthOf(tested.inputs[0]!.shape);
      const input = numbers('float32', STEPS * BATCH * width, 99);
      const known = await steps.before(weights, await scope.upload(input, width));
      let states = await Promise.all(
        tested.states.map((_, index) =>
          scope.upload(numbers('float32', BATCH * DIMENSIONS.H, 50 + index), DIMENSIONS.H),
        ),
      );
      let expected = await Promise.all(states.map(async (state) => [...(await scope.device.download(state))]));
      for (let t = 0; t < STEPS; t++) {
        const batch = t === STEPS - 1 ? 1 : BATCH; // the last step has one row, the other's sequence has ended
        states = await steps.step(known, states, { first: t * BATCH, batch });
        for (let row = 0; row < batch; row++) {
          const [from, to] = [row * DIMENSIONS.H, (row + 1) * DIMENSIONS.H];
          const at = (t * BATCH + row) * width;
          const now = tested.states.map(({ name }, index) => [name, expected[index]!.slice(from, to)]);
          const x = [tested.inputs[0]!.name, [...input.subarray(at, at + width)]];
          const next = step(Object.fromEntries([...now, x]));
          expected = expected.map((all, index) =>
            all.toSpliced(from, to - from, ...(next[tested.states[index]!.name] as number[])),
          );
        }
        for (const [index, state] of states.entries()) {
          const got = await scope.device.download(state);
          for (const [i, value] of got.entries()) expect(value).toBeCloseTo(expected[index]![i]!, 5);
        }
      }
    });
  }
}

test('emitting is pure: the same program gives the same bytes', () => {
  expect(emitter.emit(compile(gru))).toEqual(emitter.emit(compile(gru)));
});

test('a function of parameters alone is refused by name, as it would run outside the kernels', () => {
  expect(() => emitter.emit(compile(elementwise))).toThrow('a: a function of parameters alone is not supported');
});
