import { compile, type Environment, float32, float64, interpreter, type Program, type Value } from '@congruent/codegen';
import { type Cell, cell, gru } from '@congruent/spec';
import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import emitter from '../codegen/index.ts';

const lstm = cell`
  lstm(x[I], h[H], c[H]) -> h', c'
  i  = sigmoid(W_ii @ x + b_ii + W_hi @ h + b_hi)
  f  = sigmoid(W_if @ x + b_if + W_hf @ h + b_hf)
  g  = tanh(W_ig @ x + b_ig + W_hg @ h + b_hg)
  o  = sigmoid(W_io @ x + b_io + W_ho @ h + b_ho)
  c' = f * c + i * g
  h' = o * tanh(c')
  layout torch
    weight_ih = [W_ii; W_if; W_ig; W_io]   weight_hh = [W_hi; W_hf; W_hg; W_ho]
    bias_ih   = [b_ii; b_if; b_ig; b_io]   bias_hh   = [b_hi; b_hf; b_hg; b_ho]
`;

const resetBefore = cell`
  reset_before(x[I], h[H]) -> h'
  r  = sigmoid(W_ir @ x + b_r + W_hr @ h)
  z  = sigmoid(W_iz @ x + b_z + W_hz @ h)
  n  = tanh(W_in @ x + b_n + W_hn @ (r * h))
  h' = (1 - z) * n + z * h
  layout torch
    weight_ih = [W_ir; W_iz; W_in]   weight_hh = [W_hr; W_hz; W_hn]   bias = [b_r; b_z; b_n]
`;

const elementwise = cell`
  elementwise(x[H], h[H]) -> h'
  a  = sigmoid(d)
  h' = a * h + (1 - a) * tanh(x + h)
  layout torch
    decay = [d]
`;

/** The product of stage two reads c', and stage two still reads the old c: c may not be overwritten where it stands. */
const peephole = cell`
  peephole(x[I], h[H], c[H]) -> h', c'
  c' = tanh(W_c @ x + U_c @ h + c)
  o  = sigmoid(W_o @ x + U_o @ h + P_o @ c')
  h' = o * tanh(c') - c
  layout torch
    weight_ih = [W_c; W_o]   weight_hh = [U_c; U_o; P_o]
`;

const DIMENSIONS = { I: 3, H: 5 } as const;
const STEPS = 4;

/** Distinct numbers from −1 to 1. */
const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(12.9898 * (index + 1) + 78.233 * seed));

const lengthOf = (shape: readonly string[]): number =>
  shape.reduce((size, name) => size * DIMENSIONS[name as keyof typeof DIMENSIONS], 1);

/** Every parameter's block by name, as the interpreter takes it, and stacked as the kernel takes it. */
function parametersOf({ parameters, layouts }: Cell) {
  const flat = new Map(parameters.map(({ name, shape }, index) => [name, numbers(lengthOf(shape), index)]));
  const rows = (name: string, columns: number): Value<number> =>
    Array.from({ length: flat.get(name)!.length / columns }, (_, row) =>
      Array.from(flat.get(name)!.subarray(row * columns, (row + 1) * columns)),
    );
  const blocks: Environment<number> = Object.fromEntries(
    parameters.map(({ name, shape }) => [
      name,
      shape.length === 2 ? rows(name, lengthOf(shape.slice(1))) : [...flat.get(name)!],
    ]),
  );
  const stacked = Object.fromEntries(
    layouts[0]!.tensors.map(({ name, blocks }) => [name, blocks.flatMap((block) => [...flat.get(block.name)!])]),
  );
  return { blocks, stacked };
}

/** The module that the emitted TypeScript is. */
function load(program: Program, dtype: string) {
  const file = emitter.emit(program).find(({ path }) => path === `${program.cell.name}.${dtype}.ts`)!;
  const { outputText, diagnostics } = ts.transpileModule(file.contents as string, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  expect(diagnostics!.map(({ messageText }) => messageText)).toEqual([]);
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(outputText)}`);
}

for (const [dtype, Vector, arithmetic] of [
  ['float32', Float32Array, float32],
  ['float64', Float64Array, float64],
] as const) {
  for (const tested of [gru, lstm, resetBefore, elementwise, peephole]) {
    test(`the ${dtype} kernel of ${tested.name} has the interpreter's bits, step by step, for each row of a batch`, async () => {
      const program = compile(tested);
      const kernel = await load(program, dtype);
      const { blocks, stacked } = parametersOf(tested);
      const { step } = interpreter(program, arithmetic, blocks);
      const [batch, width] = [2, lengthOf(tested.inputs[0]!.shape)];
      const input = Vector.from(numbers(STEPS * batch * width, 99));
      const states = tested.states.map((_, index) => Vector.from(numbers(batch * DIMENSIONS.H, 50 + index)));
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
