import { cell, gru, type Shape } from '@congruent/spec';
import { cells } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import { numbers } from '../../../tools/testing/numbers.ts';
import { compile, type Program } from '../src/compile.ts';
import { type MapExpression, operandsOf } from '../src/ir/expression.ts';
import { planFor } from '../src/plan/build.ts';
import { evaluate, sizeOf } from '../src/plan/extent.ts';
import { type Buffer, type Plan, type PlanStage, type Target, withoutRecording } from '../src/plan/plan.ts';
import { float32 } from '../src/reference/arithmetic.ts';
import type { Environment, Value } from '../src/reference/evaluator.ts';
import { interpreter } from '../src/reference/interpreter.ts';
import { PlanRunner, type Steps, writtenBy } from '../src/reference/plan-runner.ts';

const LENGTHS: Readonly<Record<string, number>> = { I: 3, H: 5, P: 4, M: 2, O: 6, G: 7, 'g.H': 8 };
const PLAIN: Target = { reserved: new Set() };
const VECTORS: Target = {
  reserved: new Set(['h', 'x']),
  lanes: 4,
  packed: (rows) => ({ kind: 'up', of: rows, to: 8 }),
  stageByStage: true,
};
const APART: Target = { reserved: new Set(), apart: true };
const PACKED: Steps = { batchSizes: [3, 3, 2, 1], reverse: false };

for (const cell of cells) {
  for (const [name, target] of [
    ['row by row', PLAIN],
    ['stage by stage, in vectors', VECTORS],
    ['every stage apart', APART],
  ] as const) {
    for (const reverse of [false, true]) {
      const direction = reverse ? 'from the last step' : 'from the first step';
      test(`the plan of ${cell.name}, ${name}, ${direction}, has the schedule's bits forwards and backwards`, () => {
        compare(compile(cell), target, { ...PACKED, reverse });
      });
    }
  }
}

for (const cell of cells) {
  test(`where stages of ${cell.name} write apart, each gives one buffer, once in a phase, and reads no part of it`, () => {
    const { forward, backward } = planFor(compile(cell), APART, 'float32');
    for (const { stages } of [...forward.phases, ...backward.phases]) {
      const written = stages.filter(({ kind }) => kind !== 'copy').map(writtenBy);
      expect(written.map(({ length }) => length)).toEqual(written.map(() => 1));
      expect(new Set(written.flat()).size).toBe(written.length);
      for (const stage of stages) {
        if (stage.kind !== 'copy') expect(readBy(stage)).not.toContain(writtenBy(stage)[0]);
      }
    }
  });
}

test('the constants of functions arrive rounded to the element type, like all others', () => {
  const constants = (expression: MapExpression): number[] =>
    expression.kind === 'constant' ? [expression.value] : operandsOf(expression).flatMap(constants);
  const { functions } = planFor(compile(gru), APART, 'float32');
  const all = functions.flatMap(({ definitions }) => definitions.flatMap(({ value }) => constants(value)));
  expect(all.length).toBeGreaterThan(10);
  expect(all).toEqual(all.map(Math.fround));
});

test('where stages write apart, a step of the GRU is one kernel forwards and two backwards', () => {
  const { forward, backward } = planFor(compile(gru), APART, 'float32');
  const launches = ({ phases }: Plan): string[] =>
    phases.map(({ kind, stages }) => `${kind} ${stages.filter((stage) => stage.kind !== 'copy').length}`);
  expect(launches(withoutRecording(forward))).toEqual(['rows 1', 'steps 1']);
  expect(launches(forward)).toEqual(['rows 1', 'steps 1', 'rows 2']);
  expect(launches(backward)).toEqual(['steps 2', 'rows 1']);
});

function readBy(stage: PlanStage): readonly Buffer[] {
  if (stage.kind === 'contract') return (stage.parts ?? [stage.operand]).map(({ buffer }) => buffer);
  if (stage.kind !== 'map') return [];
  const products = (stage.products ?? []).flatMap(({ operand, parts = [operand] }) => parts);
  return [...stage.loads.map(({ from }) => from), ...products].map(({ buffer }) => buffer);
}

/** Runs both plans of a program, and compares every result with the interpreter of its schedules. */
function compare(program: Program, target: Target, steps: Steps): void {
  const plans = planFor(program, target, 'float32');
  const lengths = Object.fromEntries([...plans.lengths].map(([name, inPlan]) => [inPlan, LENGTHS[name]!]));
  const runner = (plan: Plan) =>
    new PlanRunner(plan, plans.functions, float32, lengths, steps, !target.stageByStage && !target.apart);
  const forward = runner(plans.forward);
  fill(forward, [...plans.forward.tensors, ...plans.forward.inputs, ...plans.forward.carries]);
  const initial = copyOf(forward, plans.forward.carries);
  forward.run();
  const inference = runner(withoutRecording(plans.forward));
  for (const { name } of [...plans.forward.tensors, ...plans.forward.inputs])
    inference.memory[name] = forward.memory[name]!;
  plans.forward.carries.forEach(({ name }, index) => {
    inference.memory[name] = [...initial[index]!];
  });
  inference.run();
  const backward = runner(plans.backward);
  fill(backward, [...plans.backward.inputs, ...plans.backward.carries]);
  plans.backward.tensors.forEach(({ name }, index) => {
    backward.memory[name] = forward.memory[plans.forward.tensors[index]!.name]!;
  });
  plans.forward.inputs.forEach(({ name }, index) => {
    backward.memory[plans.backward.inputs[index]!.name] = forward.memory[name]!;
  });
  expect(plans.backward.recorded.map(({ name }) => name)).toEqual(plans.forward.recorded.map(({ name }) => name));
  for (const { name } of plans.backward.recorded) backward.memory[name] = forward.memory[name]!;
  const adjoints = copyOf(backward, plans.backward.carries);
  backward.run();

  const expected = reference(program, steps, {
    tensors: copyOf(forward, plans.forward.tensors),
    inputs: copyOf(forward, plans.forward.inputs),
    initial,
    outputAdjoints: copyOf(backward, plans.backward.inputs.slice(plans.forward.inputs.length)),
    adjoints,
  });
  for (const run of [forward, inference]) {
    expect(copyOf(run, plans.forward.outputs)).toEqual(expected.outputs);
    expect(copyOf(run, plans.forward.carries)).toEqual(expected.states);
  }
  expect(Object.values(expected).flat(2).every(Number.isFinite)).toBe(true);
  expect(copyOf(backward, plans.backward.outputs)).toEqual(expected.inputAdjoints);
  expect(copyOf(backward, plans.backward.carries)).toEqual(expected.stateAdjoints);
  expect(copyOf(backward, plans.backward.gradients)).toEqual(expected.gradients);
}

function fill({ memory }: PlanRunner, buffers: readonly Buffer[]): void {
  buffers.forEach(({ name }, index) => {
    memory[name] = Array.from(numbers('float32', memory[name]!.length, 17 + index));
  });
}

const copyOf = ({ memory }: PlanRunner, buffers: readonly Buffer[]): number[][] =>
  buffers.map(({ name }) => [...memory[name]!]);

interface Operands {
  readonly tensors: readonly number[][];
  readonly inputs: readonly number[][];
  readonly initial: readonly number[][];
  readonly outputAdjoints: readonly number[][];
  readonly adjoints: readonly number[][];
}

/** A number or a vector. */
const numberOrVector = (elements: readonly number[], shape: Shape): Value<number> =>
  shape.length === 0 ? elements[0]! : elements;

/** The same by the interpreter of the schedules, one row at a time, all in flat arrays. */
function reference(program: Program, { batchSizes, reverse }: Steps, operands: Operands) {
  const { cell, forward } = program;
  const { parameters } = cell;
  const width = (shape: Shape): number => evaluate(sizeOf(shape), LENGTHS);
  const blocks: Record<string, Value<number>> = {};
  const tensors = cell.tensors;
  tensors.forEach((tensor, index) => {
    let at = 0;
    for (const { name } of tensor.blocks) {
      const { shape } = parameters.find((each) => each.name === name)!;
      const flat = operands.tensors[index]!.slice(at, at + width(shape));
      at += flat.length;
      blocks[name] = shape.length < 2 ? numberOrVector(flat, shape) : rowsOf(flat, width(shape.slice(1)));
    }
  });
  const run = interpreter(program, float32, blocks);
  const steps = stepsOf(batchSizes);
  const take = (
    all: readonly number[][],
    shapes: readonly { name: string; shape: Shape }[],
    row: number,
  ): Environment<number> =>
    Object.fromEntries(
      shapes.map(({ name, shape }, index) => {
        return [name, numberOrVector(all[index]!.slice(row * width(shape), (row + 1) * width(shape)), shape)];
      }),
    );
  const put = (
    all: number[][],
    shapes: readonly { name: string; shape: Shape }[],
    row: number,
    values: Environment<number>,
  ): void => {
    shapes.forEach(({ name, shape }, index) => {
      all[index]!.splice(row * width(shape), width(shape), ...([values[name]].flat() as number[]));
    });
  };
  const room = (shapes: readonly { shape: Shape }[]): number[][] =>
    shapes.map(({ shape }) => new Array<number>(steps.flat().length * width(shape)).fill(0));

  const states = operands.initial.map((state) => [...state]);
  const outputs = room(cell.outputs);
  const residuals: Environment<number>[] = [];
  for (const rows of reverse ? steps.toReversed() : steps) {
    for (const [b, row] of rows.entries()) {
      const step = run.forward({ ...take(operands.inputs, cell.inputs, row), ...take(states, cell.states, b) });
      put(states, cell.states, b, step.states);
      put(outputs, cell.outputs, row, step.outputs);
      residuals[row] = step.residuals;
    }
  }
  const stateAdjoints = operands.adjoints.map((state) => [...state]);
  const inputAdjoints = room(cell.inputs);
  const found: Environment<number>[] = [];
  for (const rows of reverse ? steps : steps.toReversed()) {
    for (const [b, row] of rows.entries()) {
      const given = take(operands.outputAdjoints, forward.outputs, row);
      const step = run.backward(residuals[row]!, given, take(stateAdjoints, cell.states, b));
      put(stateAdjoints, cell.states, b, step.states);
      put(inputAdjoints, cell.inputs, row, step.inputs);
      found[row] = step.row;
    }
  }
  const ofBlocks = run.gradients(found);
  const gradients = tensors.map((tensor) => tensor.blocks.flatMap(({ name }) => [ofBlocks[name]].flat(3) as number[]));
  return { outputs, states, inputAdjoints, stateAdjoints, gradients };
}

function stepsOf(batchSizes: readonly number[]): number[][] {
  let row = 0;
  return batchSizes.map((size) => Array.from({ length: size }, () => row++));
}

const rowsOf = (flat: readonly number[], columns: number): number[][] =>
  Array.from({ length: flat.length / columns }, (_, row) => flat.slice(row * columns, (row + 1) * columns));

test('no value is called like a dimension, and no dimension by a reserved name', () => {
  const parameter = cell`
    named(x[H], y[for], h[H]) -> h'
    h' = x * H + W @ y + h
    layout plain
      H = [H]  W = [W]
  `;
  const { forward, lengths } = planFor(compile(parameter), { reserved: new Set(['for']) }, 'float32');
  const buffers = [...forward.inputs, ...forward.tensors, ...forward.weights].map(({ name }) => name);
  const values = forward.phases.flatMap(({ stages }) =>
    stages.flatMap((stage) => (stage.kind === 'map' ? stage.loads.map(({ name }) => name) : [])),
  );
  expect([...lengths]).toEqual([
    ['H', 'H'],
    ['for', 'for2'],
  ]);
  expect(forward.dimensions).toEqual(['H', 'for2']);
  expect(forward.inputs.map(({ width }) => width)).toEqual(['H', 'for2']);
  expect([...buffers, ...values]).not.toContain('H');
});

test('constants arrive rounded to the element type, those of functions too', () => {
  const { functions } = planFor(compile(gru), PLAIN, 'float32');
  const constants = functions.flatMap(({ definitions }) => definitions.flatMap(({ value }) => constantsIn(value)));
  expect(constants.length).toBeGreaterThan(10);
  expect(constants.map(Math.fround)).toEqual(constants);
});

const constantsIn = (value: MapExpression): number[] =>
  value.kind === 'constant' ? [value.value] : operandsOf(value).flatMap(constantsIn);
