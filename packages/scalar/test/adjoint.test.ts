import { adjointInterpreter, compile, type Environment, float32, float64 } from '@congruent/codegen';
import { expect, test } from 'vitest';
import { cells } from '../../../tools/testing/cells.ts';
import { numbers } from '../../../tools/testing/numbers.ts';
import { DIMENSIONS, lengthOf, parametersOf } from '../../../tools/testing/operands.ts';
import { load } from './emitted.ts';

const STEPS = 3;
const BATCH = 2;
const ROWS = STEPS * BATCH;
const { H } = DIMENSIONS;

/** Calls an emitted function with its arguments by name; which it has differs between cells. */
function callByName(emitted: (...given: unknown[]) => unknown, given: Readonly<Record<string, unknown>>): unknown {
  const names = /\(([^)]*)\)/
    .exec(emitted.toString())![1]!
    .split(',')
    .map((name) => name.trim().replace(/^_/, ''));
  return emitted(...names.map((name) => given[name]));
}

for (const [dtype, Vector, arithmetic] of [
  ['float32', Float32Array, float32],
  ['float64', Float64Array, float64],
] as const) {
  for (const tested of cells) {
    test(`the ${dtype} way back of ${tested.name} has the interpreter's bits, for each row of a batch`, async () => {
      const program = compile(tested);
      const kernel = await load(program, dtype);
      const { blocks, stacked } = parametersOf(tested);
      const reference = adjointInterpreter(program, arithmetic, blocks);
      const parameters = Object.fromEntries(
        Object.entries(stacked).map(([name, values]) => [name, Vector.from(values)]),
      );
      const [input] = tested.inputs;
      const width = lengthOf(input!.shape);
      const xs = Vector.from(numbers('float32', ROWS * width, 99));
      const dys = Vector.from(numbers('float32', ROWS * H, 98));
      const dxs = new Vector(ROWS * width);
      const states = tested.states.map((_, index) => Vector.from(numbers('float32', BATCH * H, 50 + index)));
      const later = tested.states.map((_, index) => Vector.from(numbers('float32', BATCH * H, 70 + index)));
      const rowOf = (values: ArrayLike<number>, row: number, size: number): readonly number[] =>
        Array.from(values).slice(row * size, (row + 1) * size);
      const statesOf = (from: readonly ArrayLike<number>[], row: number): Environment<number> =>
        Object.fromEntries(tested.states.map(({ name }, index) => [name, rowOf(from[index]!, row, H)]));

      const trace = kernel.trace(DIMENSIONS, ROWS);
      const forward = {
        weights: kernel.prepare(parameters, DIMENSIONS),
        scratch: kernel.scratch(DIMENSIONS, ROWS),
        trace,
        rows: ROWS,
        batch: BATCH,
        [`${input!.name}s`]: xs,
        ...Object.fromEntries(tested.states.map(({ name }, index) => [`${name}s`, states[index]])),
      };
      callByName(kernel.recordBefore ?? kernel.before, forward);
      const kept: Environment<number>[] = [];
      for (let first = 0; first < ROWS; first += BATCH) {
        for (let row = 0; row < BATCH; row++) {
          const operands = { [input!.name]: rowOf(xs, first + row, width), ...statesOf(states, row) };
          kept.push(reference.forward(operands).kept);
        }
        callByName(kernel.recordStep, { ...forward, first });
      }

      const backward = {
        weights: kernel.prepareAdjoint(parameters, DIMENSIONS),
        scratch: kernel.adjointScratch(DIMENSIONS, ROWS),
        trace,
        rows: ROWS,
        batch: BATCH,
        dys,
        [`${input!.name}s`]: xs,
        [`d${input!.name}s`]: dxs,
        ...Object.fromEntries(tested.states.map(({ name }, index) => [`d${name}_nexts`, later[index]])),
      };
      const rows: { inputs: Environment<number>; row: Environment<number> }[] = new Array(ROWS);
      for (let first = ROWS - BATCH; first >= 0; first -= BATCH) {
        const expected = Array.from({ length: BATCH }, (_, row) =>
          reference.backward(kept[first + row]!, rowOf(dys, first + row, H), statesOf(later, row)),
        );
        for (const [row, step] of expected.entries()) rows[first + row] = step;
        callByName(kernel.stepBack, { ...backward, first });
        for (const row of expected.keys()) expect(statesOf(later, row)).toEqual(expected[row]!.states);
      }
      callByName(kernel.afterSteps, backward);
      expect([...dxs]).toEqual(rows.flatMap(({ inputs }) => inputs[input!.name] as number[]));

      const gradients = callByName(kernel.gradients, backward) as Record<string, ArrayLike<number>>;
      const expected = reference.gradients(rows.map(({ row }) => row));
      for (const { name, blocks } of tested.layouts[0]!.tensors) {
        const values = blocks.flatMap((block) => (expected[block.name] as number[] | number[][]).flat());
        expect([name, Array.from(gradients[name]!)]).toEqual([name, values]);
      }
    });
  }
}
