import { expect, test } from 'vitest';
import { expectNear, float32, recorded } from '../../../../packages/models/test/recorded.ts';
import { exported, pluckedString, skipped, streamed, tensors } from './amp.ts';

/** The equations in float64, written out: torch.nn.GRU, torch.nn.Linear, and the sample itself. */
function computed(samples: Float32Array): Float64Array {
  const of = (name: string): Float32Array => tensors[name]!.data as Float32Array;
  const [wi, wh, bi, bh] = ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'].map((name) =>
    of(`rec.${name}`),
  );
  const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
  let h = Array<number>(8).fill(0);
  return Float64Array.from(samples, (x) => {
    const fromInput = (row: number): number => wi![row]! * x + bi![row]!;
    const fromState = (row: number): number => h.reduce((sum, v, j) => sum + wh![8 * row + j]! * v, bh![row]!);
    h = h.map((last, j) => {
      const r = sigmoid(fromInput(j) + fromState(j));
      const z = sigmoid(fromInput(8 + j) + fromState(8 + j));
      const n = Math.tanh(fromInput(16 + j) + r * fromState(16 + j));
      return (1 - z) * n + z * last;
    });
    return h.reduce((sum, v, j) => sum + of('lin.weight')[j]! * v, of('lin.bias')[0]!) + skipped * x;
  });
}

test('the exported amplifier gives what its equations give in float64', () => {
  const samples = pluckedString(4800);
  const data = exported().run(samples, samples.length);
  expectNear({ data, shape: [4800] }, { data: Array.from(computed(samples)), shape: [4800] }, 2e-6);
  expect(Math.max(...data)).toBeGreaterThan(0.1);
});

test('the exported amplifier has the bits of stream.step', () => {
  const samples = pluckedString(4800);
  expect(exported().run(samples, samples.length)).toEqual(streamed(samples));
});

for (const { path, expected } of recorded('rtneural').filter((item) => item.path === 'rtneural/ts9_gru8')) {
  test(`${path}: the exported amplifier gives what PyTorch gave`, () => {
    const { input, output64 } = expected.wholeNet;
    const { data, shape } = float32(input);
    expectNear({ data: exported().run(data, data.length), shape }, output64, expected.toolError);
  });
}
