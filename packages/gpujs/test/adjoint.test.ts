import { adjointInterpreter, compile, type Environment, float32 } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { expect, test } from 'vitest';
import { gate, lstm, peephole, resetBefore, twoWays } from '../../../tools/testing/cells.ts';
import { numbers } from '../../../tools/testing/numbers.ts';
import { DIMENSIONS, lengthOf, parametersOf } from '../../../tools/testing/operands.ts';
import type { Plane } from '../src/device.ts';
import { Recorder } from '../src/recorder.ts';
import { Steps, stepsOf } from '../src/steps.ts';
import { WayBack } from '../src/way-back.ts';
import { emitted } from './emitted.ts';

/** More rows than a block of a sum has, and sequences of three lengths. */
const BATCH_SIZES = [...Array.from({ length: 22 }, () => 3), 2, 2, 1];
const ROWS = BATCH_SIZES.reduce((sum, size) => sum + size, 0);
const [BATCH] = BATCH_SIZES as [number];
const { H } = DIMENSIONS;

type Rows = readonly number[][];

const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) => Array.from(values).slice(row * width, (row + 1) * width));

for (const { hoists, reverse } of [
  { hoists: false, reverse: false },
  { hoists: true, reverse: true },
]) {
  const how = `${hoists ? 'for all rows at once' : 'in chunks of rows'}, ${reverse ? 'reversed' : 'forward'}`;
  for (const tested of [gru, lstm, resetBefore, gate, peephole, twoWays]) {
    test(`on webasm the way back of ${tested.name} has the interpreter's bits: ${how}`, async () => {
      const program = compile(tested);
      const { kernels, scope } = await emitted(program, 'webasm', hoists);
      const { blocks, stacked } = parametersOf(tested);
      const reference = adjointInterpreter(program, float32, blocks);
      const [input] = tested.inputs;
      const width = lengthOf(input!.shape);
      const xs = numbers('float32', ROWS * width, 99);
      const dys = numbers('float32', ROWS * H, 98);
      const initial = tested.states.map((_, index) => numbers('float32', BATCH * H, 50 + index));
      const later = tested.states.map((_, index) => numbers('float32', BATCH * H, 70 + index));
      const order = stepsOf({ batchSizes: BATCH_SIZES, reverse });
      const uploaded = (values: readonly Float32Array[]): Promise<Plane[]> =>
        Promise.all(values.map((value) => scope.upload(value, H)));
      const named = (states: readonly Rows[], row: number): Environment<number> =>
        Object.fromEntries(tested.states.map(({ name }, index) => [name, states[index]![row]!]));

      const steps = new Steps(kernels, DIMENSIONS, scope);
      const weights = await scope.uploadAll(kernels.prepare(stacked, DIMENSIONS));
      const inputs = await scope.upload(xs, width);
      const known = await steps.before(weights, inputs);
      const recorder = new Recorder(kernels, DIMENSIONS, scope, reverse);
      const kept: Environment<number>[] = new Array(ROWS);
      let states = await uploaded(initial);
      const expectedStates = initial.map((state) => rowsOf(state, H));
      for (const { first, batch } of order) {
        await recorder.before(states, batch);
        states = await steps.step(known, states, { first, batch });
        for (let row = 0; row < batch; row++) {
          const operands = { [input!.name]: rowsOf(xs, width)[first + row]!, ...named(expectedStates, row) };
          const step = reference.forward(operands);
          kept[first + row] = step.kept;
          for (const [index, { name }] of tested.states.entries()) {
            expectedStates[index]![row] = step.states[name] as number[];
          }
        }
      }
      const recorded = await recorder.finish(hoists ? known : { ...weights, [kernels.input]: inputs });

      const { adjoint } = kernels;
      const back = new WayBack(adjoint, DIMENSIONS, scope);
      const found = await back.pull(
        { ...(await scope.uploadAll(adjoint.prepare(stacked, DIMENSIONS))), ...recorded },
        await scope.upload(dys, H),
        await uploaded(later),
        { batchSizes: BATCH_SIZES, reverse },
      );
      const adjoints = later.map((state) => rowsOf(state, H));
      const rows: { inputs: Environment<number>; row: Environment<number> }[] = new Array(ROWS);
      for (const { first, batch } of order.toReversed()) {
        for (let row = 0; row < batch; row++) {
          const step = reference.backward(kept[first + row]!, rowsOf(dys, H)[first + row]!, named(adjoints, row));
          rows[first + row] = step;
          for (const [index, { name }] of tested.states.entries()) {
            adjoints[index]![row] = step.states[name] as number[];
          }
        }
      }
      const { device } = scope;
      expect(rowsOf(await device.download(found.input), width)).toEqual(rows.map(({ inputs }) => inputs[input!.name]));
      const ofStates = await Promise.all(found.states.map(async (state) => rowsOf(await device.download(state), H)));
      expect(ofStates).toEqual(adjoints);
      const gradients = adjoint.gradients(await scope.downloadAll(found.sums), DIMENSIONS, stacked);
      const expected = reference.gradients(rows.map(({ row }) => row));
      for (const { name, blocks } of tested.layouts[0]!.tensors) {
        const values = blocks.flatMap((block) => (expected[block.name] as number[] | number[][]).flat());
        expect([name, [...gradients[name]!]]).toEqual([name, values]);
      }
    });
  }
}
