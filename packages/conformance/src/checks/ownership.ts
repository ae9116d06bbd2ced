import type { GRUOptions, PackedSequence, Tensor } from '@congruent/runtime';
import { SIZES, STEPS, sample, small, smallCell } from '../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../expect/expect.ts';
import type { Subject } from '../subject/subject.ts';
import { type Check, check } from './check.ts';
import { cotangentsOf } from './gradients/run.ts';
import { gradientCheck } from './gradients/training.ts';

const GROUP = 'lifecycle';
const { inputSize: I, hiddenSize: H } = SIZES;

/** Calls whose results are easily the same memory as something else: of one step, one row, several layers. */
const CALLS: readonly { readonly options: Partial<GRUOptions>; readonly shape: readonly number[] }[] = [
  { options: {}, shape: [1, 1, I] },
  { options: {}, shape: [STEPS, I] },
  { options: { batchFirst: true }, shape: [3, STEPS, I] },
  { options: { numLayers: 2, bidirectional: true }, shape: [STEPS, 2, I] },
];

/** What a caller is given is the caller's: it may be written to, transferred and kept. */
export const ownershipChecks: readonly Check[] = [
  check(GROUP, 'C21: results of forward may be written to and transferred, and share no buffer', async (subject) => {
    for (const { options, shape } of CALLS) {
      using gru = await small(subject, options);
      const input = sample(shape, 11);
      const first = await gru.forward(input);
      const h0 = copied(first.hn);
      const expected = await gru.forward(input, h0);
      const got = await gru.forward(input, h0);
      expectDistinct([input, h0, first.output, first.hn, expected.output, expected.hn, got.output, got.hn]);
      for (const tensor of [first.output, first.hn, got.output, got.hn]) spoil(tensor);
      const again = await gru.forward(input, h0);
      expectSameBits('output', again.output.data, expected.output.data);
      expectSameBits('hn', again.hn.data, expected.hn.data);
    }
  }),
  check(GROUP, 'P4 C21: results for a packed input share no buffer with it', async (subject) => {
    using gru = await small(subject);
    const packed: PackedSequence = subject.packPaddedSequence(sample([STEPS, 2, I], 11), [STEPS, 2]);
    const [got, expected] = [await gru.forward(packed), await gru.forward(packed)];
    expectDistinct([packed.data, got.output.data, got.hn, expected.output.data, expected.hn]);
    for (const tensor of [got.output.data, got.hn]) spoil(tensor);
    expectSameBits('output', (await gru.forward(packed)).output.data.data, expected.output.data.data);
  }),
  check(GROUP, 'P8 C21: the state that GRUCell gives may be written to and transferred', async (subject) => {
    using cell = await smallCell(subject);
    const [x, hx] = [sample([2, I], 11), sample([2, H], 12)];
    const [got, expected] = [await cell.forward(x, hx), await cell.forward(x, hx)];
    expectDistinct([x, hx, got, expected]);
    spoil(got);
    expectSameBits('state', (await cell.forward(x, hx)).data, expected.data);
  }),
  check(GROUP, 'C12 C21: what stateDict gives may be written to and transferred', async (subject) => {
    using gru = await small(subject, { numLayers: 2 });
    const input = sample([STEPS, 2, I], 11);
    const [dict, kept] = [gru.stateDict(), gru.stateDict()];
    const expected = await gru.forward(input);
    expectDistinct([...Object.values(dict), ...Object.values(kept)]);
    gru.loadStateDict(dict);
    for (const tensor of Object.values(dict)) spoil(tensor);
    for (const [name, { data }] of Object.entries(gru.stateDict())) expectSameBits(name, data, kept[name]!.data);
    expectSameBits('output', (await gru.forward(input)).output.data, expected.output.data);
  }),
  gradientCheck(
    'gradients',
    'C21 C28: results of vjp and pullback may be written to and transferred, and share no buffer',
    async (subject) => {
      for (const { options, shape } of CALLS) await expectGradientsOwned(subject, options, sample(shape, 11));
    },
  ),
];

async function expectGradientsOwned(subject: Subject, options: Partial<GRUOptions>, input: Tensor): Promise<void> {
  using gru = await small(subject, options);
  const { pullback, ...result } = await gru.vjp(input);
  const given = cotangentsOf(result, 31);
  const all = async (): Promise<readonly Tensor[]> => {
    const { input: dx, h0, parameters } = await pullback(given);
    return [dx, h0, ...Object.values(parameters)];
  };
  const [got, expected] = [await all(), await all()];
  expectDistinct([input, given.output, given.hn, result.output, result.hn, ...got, ...expected]);
  for (const tensor of [result.output, result.hn, ...got]) spoil(tensor);
  const again = await all();
  expected.forEach(({ data }, i) => {
    expectSameBits(`gradient ${i}`, again[i]!.data, data);
  });
}

/** What a caller may do with an array of its own. */
export function spoil({ data }: Pick<Tensor, 'data'>): void {
  data.fill(Number.NaN);
  structuredClone(data, { transfer: [data.buffer as ArrayBuffer] });
  expectEqual('length after the transfer', data.length, 0);
}

function expectDistinct(tensors: readonly Tensor[]): void {
  const buffers = new Set(tensors.map(({ data }) => data.buffer));
  expect(buffers.size === tensors.length, `${tensors.length} results and operands share ${buffers.size} buffers`);
}

const copied = ({ data, shape }: Tensor): Tensor => ({ data: data.slice(), shape });
