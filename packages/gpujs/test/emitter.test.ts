import { compile, type Environment, float64, interpreter, type Value } from '@congruent/codegen';
import { type Cell, cell, gru } from '@congruent/spec';
import { expect, test } from 'vitest';
import emitter from '../codegen/index.ts';
import type { GpuCell } from '../src/cell.ts';
import type { Device, Plane } from '../src/device.ts';
import { loadGpuJs } from '../src/gpu-js.ts';
import { HostDevice } from '../src/host-device.ts';
import * as planes from '../src/planes.ts';
import { Scope } from '../src/scope.ts';
import { Steps } from '../src/steps.ts';

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

/** No product with the state, and an input that steps read themselves. */
const elementwise = cell`
  elementwise(x[H], h[H]) -> h'
  a  = sigmoid(x + d)
  h' = a * h + (1 - a) * tanh(x + h)
  layout torch
    decay = [d]
`;

/** Both states are read after the first of the next ones is there. */
const peephole = cell`
  peephole(x[I], h[H], c[H]) -> h', c'
  c' = tanh(W_c @ x + U_c @ h + c)
  o  = sigmoid(W_o @ x + U_o @ h + P_o @ c')
  h' = o * tanh(c') - c
  layout torch
    weight_ih = [W_c; W_o]   weight_hh = [U_c; U_o; P_o]
`;

const DIMENSIONS = { I: 3, H: 5 } as const;
const [STEPS, BATCH] = [4, 2];

/** Distinct numbers from −1 to 1. */
const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(12.9898 * (index + 1) + 78.233 * seed));

const lengthOf = (shape: readonly string[]): number =>
  shape.reduce((size, name) => size * DIMENSIONS[name as keyof typeof DIMENSIONS], 1);

/** Every parameter's block by name, as the interpreter takes it, and stacked as kernels take it. */
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
    layouts[0]!.tensors.map(({ name, blocks }) => [
      name,
      planes.concatenate(blocks.map((block) => flat.get(block.name)!)),
    ]),
  );
  return { blocks, stacked };
}

/** What the emitted TypeScript exports; its types are erased by hand, its imports are given. */
function load(source: string): GpuCell {
  const script = source
    .replaceAll(/^import .*$/gm, '')
    .replaceAll(/^export (const|function)/gm, '$1')
    .replaceAll(/^const (\w+): [^=]+ = /gm, 'const $1 = ')
    .replace(/parameters: Readonly<[^\n]+,\n/, 'parameters,\n')
    .replace(/}: Dimensions,\n\): [^\n]+ {\n/, '}) {\n')
    .replaceAll(']!', ']');
  const names = 'signature, functions, prepare, before, step, input, states';
  return new Function('block', 'row', 'transposed', `${script}\nreturn { ${names} };`)(
    planes.block,
    planes.row,
    planes.transposed,
  ) as GpuCell;
}

for (const mode of ['cpu', 'webasm'] as const) {
  for (const tested of [gru, lstm, resetBefore, elementwise, peephole]) {
    test(`the kernels of ${tested.name} give what the interpreter does, step by step, on ${mode}`, async () => {
      const program = compile(tested);
      const emitted = load(emitter.emit(program)[0]!.contents as string);
      const gpuJs = await loadGpuJs();
      const device = new HostDevice(mode, gpuJs, new gpuJs.GPU({ mode }), emitted) as unknown as Device;
      const scope = new Scope(device);
      const steps = new Steps(emitted, DIMENSIONS, scope);
      const { blocks, stacked } = parametersOf(tested);
      const { step } = interpreter(program, float64, blocks);
      const weights: Record<string, Plane> = {};
      for (const [name, { data, width }] of Object.entries(emitted.prepare(stacked, DIMENSIONS))) {
        weights[name] = await scope.upload(data, width);
      }
      const width = lengthOf(tested.inputs[0]!.shape);
      const input = numbers(STEPS * BATCH * width, 99);
      const known = await steps.before(weights, await scope.upload(input, width));
      let states = await Promise.all(
        tested.states.map((_, index) => scope.upload(numbers(BATCH * DIMENSIONS.H, 50 + index), DIMENSIONS.H)),
      );
      let expected = await Promise.all(states.map(async (state) => [...(await device.download(state))]));
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
          const got = await device.download(state);
          for (const [i, value] of got.entries()) expect(value).toBeCloseTo(expected[index]![i]!, 5);
        }
      }
    });
  }
}

test('emitting is pure: the same program gives the same bytes', () => {
  expect(emitter.emit(compile(gru))).toEqual(emitter.emit(compile(gru)));
});
