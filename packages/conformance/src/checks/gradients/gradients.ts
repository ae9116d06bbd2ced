import type { GRUGradients, GRUOptions, Tensor } from '@congruent/runtime';
import { swapped } from '../../examples/rearrange.ts';
import { BATCH, SIZES, STEPS, sample, small, smallCell, smallInput } from '../../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../../expect/expect.ts';
import type { Check } from '../check.ts';
import { structure } from '../packed.ts';
import { cotangentsOf, expectSameGradients } from './run.ts';
import { gradientCheck } from './training.ts';

const GROUP = 'gradients';
const { inputSize: I, hiddenSize: H } = SIZES;
const DEEP: Partial<GRUOptions> = { numLayers: 2, bidirectional: true };

const zerosLike = ({ data, shape }: Tensor): Tensor => ({ data: data.map(() => 0), shape });

/** What `vjp` and `pullback` give, and for what. */
export const gradientChecks: readonly Check[] = [
  gradientCheck(
    GROUP,
    'C10 P11: vjp and pullback answer without promises where backend.supports.sync',
    async (subject) => {
      using gru = await small(subject);
      const call = gru.vjp(smallInput());
      const { pullback, ...result } = await call;
      const back = pullback(cotangentsOf(result, 31));
      const { sync } = subject.backend.supports;
      expectEqual('vjp gives a promise', 'then' in call, !sync);
      expectEqual('pullback gives a promise', 'then' in back, !sync);
      await back;
    },
  ),
  gradientCheck(
    GROUP,
    'P11: gradients have the names of the state dict and the shapes of the operands',
    async (subject) => {
      for (const options of [DEEP, { ...DEEP, bias: false }, { bias: false }]) {
        using gru = await small(subject, options);
        const { pullback, ...result } = await gru.vjp(smallInput());
        const { input, h0, parameters } = await pullback(cotangentsOf(result, 31));
        expectEqual('shape of the gradient of input', input.shape, [STEPS, BATCH, I]);
        expectEqual('shape of the gradient of h0', h0.shape, result.hn.shape);
        const shapes = (tensors: Record<string, Tensor>) =>
          Object.entries(tensors).flatMap(([name, { shape }]) => [name, ...shape]);
        expectEqual('names and shapes of parameters', shapes(parameters), shapes(gru.stateDict()));
      }
    },
  ),
  gradientCheck(GROUP, 'P11: h0 left out has the gradient of zeros', async (subject) => {
    using gru = await small(subject, DEEP);
    const { pullback, ...result } = await gru.vjp(smallInput());
    const given = cotangentsOf(result, 31);
    const other = await gru.vjp(smallInput(), zerosLike(result.hn));
    expectSameGradients('h0 left out', await pullback(given), await other.pullback(given));
  }),
  gradientCheck(GROUP, 'C26: a gradient that is left out counts as zeros', async (subject) => {
    using gru = await small(subject, DEEP);
    const { pullback, ...result } = await gru.vjp(smallInput());
    const { output, hn } = cotangentsOf(result, 31);
    expectSameGradients('hn left out', await pullback({ output }), await pullback({ output, hn: zerosLike(hn) }));
    expectSameGradients('output left out', await pullback({ hn }), await pullback({ output: zerosLike(output), hn }));
  }),
  gradientCheck(GROUP, 'E10: a loss times 2 has the gradients times 2', async (subject) => {
    using gru = await small(subject, DEEP);
    const { pullback, ...result } = await gru.vjp(smallInput());
    const given = cotangentsOf(result, 31);
    const twice = ({ data, shape }: Tensor): Tensor => ({ data: data.map((value) => 2 * value), shape });
    const { input, h0, parameters } = await pullback(given);
    const expected: GRUGradients = {
      input: twice(input),
      h0: twice(h0),
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, twice(tensor)])),
    };
    expectSameGradients('times 2', await pullback({ output: twice(given.output), hn: twice(given.hn) }), expected);
  }),
  gradientCheck(
    GROUP,
    'P2 P11: with batchFirst the gradient of input is that of [T, B, I] transposed',
    async (subject) => {
      using gru = await small(subject, DEEP);
      using first = await small(subject, { ...DEEP, batchFirst: true });
      const { pullback, ...result } = await gru.vjp(smallInput());
      const { output, hn } = cotangentsOf(result, 31);
      const expected = await pullback({ output, hn });
      const transposed = await first.vjp(swapped(smallInput()));
      const got = await transposed.pullback({ output: swapped(output), hn });
      expectSameGradients('batchFirst', { ...got, input: swapped(got.input) }, expected);
    },
  ),
  gradientCheck(GROUP, 'P3 P11: one sequence without a batch has the gradients of a batch of one', async (subject) => {
    using gru = await small(subject, DEEP);
    const input = sample([STEPS, I], 32);
    const { pullback, ...result } = await gru.vjp(input);
    const { output, hn } = cotangentsOf(result, 31);
    const got = await pullback({ output, hn });
    const batched = ({ data, shape: [first, width] }: Tensor): Tensor => ({ data, shape: [first!, 1, width!] });
    const batch = await gru.vjp(batched(input));
    const expected = await batch.pullback({ output: batched(output), hn: batched(hn) });
    expectEqual('shape of the gradient of input', got.input.shape, [STEPS, I]);
    expectEqual('shape of the gradient of h0', got.h0.shape, [4, H]);
    expectSameGradients('unbatched', { ...got, input: batched(got.input), h0: batched(got.h0) }, expected);
  }),
  gradientCheck(GROUP, 'P1 P11: an empty batch has gradients of zeros', async (subject) => {
    using gru = await small(subject, DEEP);
    const { pullback, ...result } = await gru.vjp(sample([STEPS, 0, I], 1));
    expectEqual('shape of output', result.output.shape, [STEPS, 0, 2 * H]);
    const { input, h0, parameters } = await pullback(cotangentsOf(result, 31));
    expectEqual('shape of the gradient of input', input.shape, [STEPS, 0, I]);
    expectEqual('shape of the gradient of h0', h0.shape, [4, 0, H]);
    expectZeros(parameters, gru.stateDict());
    using cell = await smallCell(subject);
    const step = await cell.vjp(sample([0, I], 1));
    const found = await step.pullback(sample([0, H], 1));
    expectEqual('shapes of the cell', [step.output, found.input, found.hx].map(shapeOf), [
      [0, H],
      [0, I],
      [0, H],
    ]);
    expectZeros(found.parameters, cell.stateDict());
  }),
  gradientCheck(GROUP, 'P12: a packed input has packed gradients with its indices', async (subject) => {
    using gru = await small(subject, DEEP);
    const pack = (tensor: Tensor) => subject.packPaddedSequence(tensor, [2, 4, 1], { enforceSorted: false });
    const packed = pack(sample([STEPS, 3, I], 21));
    const { output, hn, pullback } = await gru.vjp(packed);
    expectEqual('indices of output', structure(output), structure(packed));
    const given = { output: pack(sample([STEPS, 3, 2 * H], 31)), hn: sample(hn.shape, 32) };
    const { input } = await pullback(given);
    expectEqual('indices of the gradient of input', structure(input), structure(packed));
    expectEqual('shape of the gradient of input', input.data.shape, [7, I]);
    const { input: made } = await pullback({ output: { ...output, data: given.output.data }, hn: given.hn });
    expectSameBits('gradient made from the output', made.data.data, input.data.data);
  }),
  gradientCheck(GROUP, 'P13: GRUCell.vjp is that of a GRU of one step', async (subject) => {
    for (const bias of [true, false]) {
      using gru = await small(subject, { bias });
      using cell = await smallCell(subject, { bias });
      const renamed = (tensors: Record<string, Tensor>): Record<string, Tensor> =>
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name.replace('_l0', ''), tensor]));
      cell.loadStateDict(renamed(gru.stateDict()));
      const [x, hx, g] = [sample([BATCH, I], 14), sample([BATCH, H], 15), sample([BATCH, H], 16)];
      const step = ({ data, shape }: Tensor): Tensor => ({ data, shape: [1, ...shape] });
      for (const given of [hx, undefined]) {
        const whole = await gru.vjp(step(x), given && step(given));
        const wanted = await whole.pullback({ hn: step(g) });
        const { output, pullback } = await cell.vjp(x, given);
        const got = await pullback(g);
        expectSameBits('next state', output.data, whole.hn.data);
        expectSameBits('next state of forward', output.data, (await cell.forward(x, given)).data);
        const expected = { ...wanted, parameters: renamed(wanted.parameters) };
        expectSameGradients('cell', { input: step(got.input), h0: step(got.hx), parameters: got.parameters }, expected);
      }
      const row = await cell.vjp({ data: x.data.subarray(0, I), shape: [I] });
      const { input, hx: dhx } = await row.pullback(sample([H], 16));
      expectEqual('shapes for one row', [row.output, input, dhx].map(shapeOf), [[H], [I], [H]]);
    }
  }),
];

const shapeOf = ({ shape }: Tensor): number[] => [...shape];

function expectZeros(gradients: Record<string, Tensor>, parameters: Record<string, Tensor>): void {
  for (const [name, { shape }] of Object.entries(parameters)) {
    const gradient = gradients[name]!;
    expectEqual(`shape of the gradient of ${name}`, gradient.shape, shape);
    expect(
      gradient.data.every((value) => value === 0),
      `the gradient of ${name} must be zeros`,
    );
  }
}
