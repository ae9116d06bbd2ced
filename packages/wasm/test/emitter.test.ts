import { compile, type Environment, float32, float64, interpreter, type Program, type Value } from '@congruent/codegen';
import { type Cell, cell, gru } from '@congruent/spec';
import { expect, test } from 'vitest';
import { unusual } from '../../codegen/test/cells.ts';
import emitter from '../codegen/index.ts';
import { instantiateSync } from '../src/compile.ts';
import { numbers } from './examples.ts';

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
  h' = o * tanh(c') - c + sigmoid(c) * sigmoid(h)
  layout torch
    weight_ih = [W_c; W_o]   weight_hh = [U_c; U_o; P_o]
`;

const NAMES = [
  'input_kept_for_one_step',
  'next_state_is_a_product_of_inputs',
  'next_state_is_a_parameter',
  'old_state_read_after_the_new_one',
  'names_of_its_own',
];

const others = unusual.filter(({ name }) => NAMES.includes(name));

const DIMENSIONS = { I: 3, H: 5 } as const;
const STEPS = 4;
const BATCH = 2;

const lengthOf = (shape: readonly string[]): number =>
  shape.reduce((size, name) => size * DIMENSIONS[name as keyof typeof DIMENSIONS], 1);

/** Every parameter's block by name, as the interpreter takes it, and stacked as the kernel takes it. */
function parametersOf({ parameters, layouts }: Cell) {
  const flat = new Map(parameters.map(({ name, shape }, index) => [name, numbers('float32', lengthOf(shape), index)]));
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
  const stacked = layouts[0]!.tensors.map((tensor) => tensor.blocks.flatMap(({ name }) => [...flat.get(name)!]));
  return { blocks, stacked };
}

/** An instance of the emitted module: functions of numbers. */
function load(program: Program, dtype: string) {
  const file = emitter.emit(program).find(({ path }) => path === `${program.cell.name}.${dtype}.ts`)!;
  const hex = /'([0-9a-f]+)'/.exec(file.contents as string)![1]!;
  const kernel = instantiateSync(hex);
  kernel.memory.grow(1);
  return kernel as unknown as Record<string, (...operands: number[]) => number> & Pick<typeof kernel, 'memory'>;
}

for (const [dtype, Vector, arithmetic] of [
  ['float32', Float32Array, float32],
  ['float64', Float64Array, float64],
] as const) {
  for (const tested of [gru, lstm, resetBefore, elementwise, peephole, ...others]) {
    test(`the ${dtype} module of ${tested.name} has the interpreter's bits, step by step, for each row of a batch`, () => {
      const program = compile(tested);
      const kernel = load(program, dtype);
      const dimensions = [
        ...new Set([...tested.inputs, ...tested.states].flatMap(({ shape }) => shape as ('I' | 'H')[])),
      ].map((name) => DIMENSIONS[name]);
      let top = 64;
      const place = (values: Iterable<number>) => {
        const view = new Vector(kernel.memory.buffer, top, [...values].length);
        view.set([...values]);
        top = Math.ceil((top + view.byteLength) / 64) * 64;
        return view;
      };
      const reserve = (bytes: number): number => place(new Vector(bytes / Vector.BYTES_PER_ELEMENT)).byteOffset;
      const { blocks, stacked } = parametersOf(tested);
      const weights = reserve(kernel['weights_bytes']!(...dimensions));
      kernel['prepare']!(...dimensions, weights, ...stacked.map((values) => place(values).byteOffset));
      const rows = STEPS * BATCH;
      const scratch = reserve(kernel['scratch_bytes']!(...dimensions, rows, BATCH));
      const width = lengthOf(tested.inputs[0]!.shape);
      const input = place(numbers('float32', rows * width, 99));
      const initial = tested.states.map((_, index) => numbers('float32', BATCH * DIMENSIONS.H, 50 + index));
      const stepped = initial.map(place);
      const run = initial.map(place);
      const output = place(new Vector(rows * DIMENSIONS.H));
      const sizes = new Int32Array(kernel.memory.buffer, top, STEPS).fill(BATCH);
      const addresses = (views: readonly { byteOffset: number }[]) => views.map(({ byteOffset }) => byteOffset);

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
        kernel['step']!(...dimensions, weights, scratch, BATCH, x, ...addresses(stepped));
        tested.states.forEach(({ name }, index) => {
          expect([...stepped[index]!]).toEqual(expected.flatMap((next) => next[name] as number[]));
        });
        outputs.push(...stepped[0]!);
      }
      kernel['run']!(
        ...dimensions,
        weights,
        scratch,
        sizes.byteOffset,
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
