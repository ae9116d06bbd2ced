import { adjointInterpreter, compile, type Environment, float32, float64 } from '@congruent/codegen';
import { expect, test } from 'vitest';
import { cells } from '../../../tools/testing/cells.ts';
import { numbers } from '../../../tools/testing/numbers.ts';
import { DIMENSIONS, lengthOf, parametersOf } from '../../../tools/testing/operands.ts';
import { addresses, dimensionsOf, load, Placer } from './emitted.ts';

const { H } = DIMENSIONS;

/** A packed sequence, of more rows than a chunk or a block of the sum has. */
const BATCH_SIZES = [9, 9, ...new Array<number>(11).fill(6), 1];
const ROWS = BATCH_SIZES.reduce((sum, size) => sum + size, 0);
const BATCH = BATCH_SIZES[0]!;

/** The steps in the order in which they are run. */
function stepsOf(reverse: boolean): { readonly first: number; readonly batch: number }[] {
  const steps = BATCH_SIZES.map((batch, t) => ({ first: BATCH_SIZES.slice(0, t).reduce((a, b) => a + b, 0), batch }));
  return reverse ? steps.reverse() : steps;
}

for (const [dtype, Vector, arithmetic] of [
  ['float32', Float32Array, float32],
  ['float64', Float64Array, float64],
] as const) {
  for (const tested of cells) {
    for (const reverse of [false, true]) {
      test(`the ${dtype} way back of ${tested.name}, ${reverse ? 'reversed' : 'forward'}, has the interpreter's bits`, () => {
        const program = compile(tested);
        const { memory, inference, training } = load(program, dtype);
        memory.grow(8);
        const dimensions = dimensionsOf(tested);
        const placer = new Placer(memory, Vector);
        const place = (values: ArrayLike<number>) => placer.place(values);
        const { blocks, stacked } = parametersOf(tested);
        const tensors = Object.values(stacked).map(place);
        const weights = placer.reserve(inference['weights_bytes']!(...dimensions));
        inference['prepare']!(...dimensions, weights, ...addresses(tensors));
        const backWeights = placer.reserve(training['adjoint_weights_bytes']!(...dimensions));
        training['prepare_adjoint']!(...dimensions, backWeights, ...addresses(tensors));

        const [input] = tested.inputs;
        const width = lengthOf(input!.shape);
        const sizes = placer.integers(BATCH_SIZES);
        const xs = place(numbers(dtype, ROWS * width, 99));
        const initial = tested.states.map((_, index) => numbers(dtype, BATCH * H, 50 + index));
        const states = initial.map(place);
        const outputs = place(new Vector(ROWS * H));
        const hasTrace = program.adjoint.adjoint.kept.length > 0;
        const trace = hasTrace ? [placer.reserve(ROWS * training['trace_bytes']!(...dimensions))] : [];
        const sequence = [sizes, BATCH_SIZES.length, ROWS, Number(reverse)];
        training['record']!(
          ...dimensions,
          weights,
          placer.reserve(inference['scratch_bytes']!(...dimensions, ROWS, BATCH)),
          ...sequence,
          ...addresses([xs, ...states, outputs]),
          ...trace,
        );

        const dys = place(numbers(dtype, ROWS * H, 98));
        const dxs = place(new Vector(ROWS * width));
        const last = tested.states.map((_, index) => numbers(dtype, BATCH * H, 70 + index));
        const adjoints = last.map(place);
        const gradients = tensors.map((tensor) => place(new Vector(tensor.length).fill(Number.NaN)));
        training['pull_back']!(
          ...dimensions,
          backWeights,
          placer.reserve(training['adjoint_scratch_bytes']!(...dimensions, ROWS, BATCH)),
          ...sequence,
          ...trace,
          ...addresses([xs, dys, dxs]),
          ...addresses(adjoints),
          ...addresses(gradients),
        );

        const reference = adjointInterpreter(program, arithmetic, blocks);
        const rowOf = (values: ArrayLike<number>, row: number, size: number): readonly number[] =>
          Array.from(values).slice(row * size, (row + 1) * size);
        const at = (from: readonly ArrayLike<number>[], row: number): Environment<number> =>
          Object.fromEntries(tested.states.map(({ name }, index) => [name, rowOf(from[index]!, row, H)]));
        const stateOf = Array.from({ length: BATCH }, (_, row) => at(initial, row));
        const kept: Environment<number>[] = new Array(ROWS);
        for (const { first, batch } of stepsOf(reverse)) {
          for (let row = 0; row < batch; row++) {
            const step = reference.forward({ [input!.name]: rowOf(xs, first + row, width), ...stateOf[row] });
            stateOf[row] = step.states;
            kept[first + row] = step.kept;
            expect(rowOf(outputs, first + row, H)).toEqual(step.states[tested.states[0]!.name]);
          }
        }
        const adjointOf = Array.from({ length: BATCH }, (_, row) => at(last, row));
        const rows: Environment<number>[] = new Array(ROWS);
        for (const { first, batch } of stepsOf(reverse).reverse()) {
          for (let row = 0; row < batch; row++) {
            const step = reference.backward(kept[first + row]!, rowOf(dys, first + row, H), adjointOf[row]!);
            adjointOf[row] = step.states;
            rows[first + row] = step.row;
            expect(rowOf(dxs, first + row, width)).toEqual(step.inputs[input!.name]);
          }
        }
        for (const [row, state] of stateOf.entries()) expect(at(states, row)).toEqual(state);
        for (const [row, adjoint] of adjointOf.entries()) expect(at(adjoints, row)).toEqual(adjoint);
        const expected = reference.gradients(rows);
        tested.layouts[0]!.tensors.forEach(({ name, blocks: of }, index) => {
          const values = of.flatMap((block) => (expected[block.name] as number[] | number[][]).flat());
          expect([name, Array.from(gradients[index]!)]).toEqual([name, values]);
        });
      });
    }
  }
}
