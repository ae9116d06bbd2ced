import type { PackedSequence, Tensor } from '@congruent/runtime';
import { expectSameStates } from '../examples/example.ts';
import { rowStateShapes, SIZES, STEPS, sample, samples, small, smallCell } from '../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../expect/expect.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Options } from '../subject/classes.ts';
import type { LayerResult } from '../subject/layers.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck } from './check.ts';
import { cotangentsOf } from './gradients/run.ts';
import { gradientCheck } from './gradients/training.ts';

const GROUP = 'lifecycle';
const { inputSize: I } = SIZES;

/** Calls whose results are easily the same memory as something else: of one step, one row, several layers. */
const CALLS: readonly { readonly options: Options; readonly shape: readonly number[] }[] = [
  { options: {}, shape: [1, 1, I] },
  { options: {}, shape: [STEPS, I] },
  { options: { batchFirst: true }, shape: [3, STEPS, I] },
  { options: { numLayers: 2, bidirectional: true }, shape: [STEPS, 2, I] },
];

/** What a caller is given is the caller's: it may be written to, transferred and kept. */
export const ownershipChecks = ({ cellClass }: Kind): readonly KindCheck[] => [
  check(GROUP, 'C21: results of forward may be written to and transferred, and share no buffer', async (subject) => {
    for (const { options, shape } of CALLS) {
      using layers = await small(subject, options);
      const input = sample(shape, 11);
      const first = await layers.forward(input);
      const initial = first.last.map(copied);
      const expected = await layers.forward(input, initial);
      const got = await layers.forward(input, initial);
      expectDistinct([input, ...initial, ...[first, expected, got].flatMap(tensorsIn)]);
      for (const tensor of [first, got].flatMap(tensorsIn)) spoil(tensor);
      const again = await layers.forward(input, initial);
      expectSameBits('output', again.output.data, expected.output.data);
      expectSameStates(subject, '', again.last, expected.last);
    }
  }),
  check(GROUP, 'P4 C21: results for a packed input share no buffer with it', async (subject) => {
    using layers = await small(subject);
    const packed: PackedSequence = subject.packPaddedSequence(sample([STEPS, 2, I], 11), [STEPS, 2]);
    const [got, expected] = [await layers.forward(packed), await layers.forward(packed)];
    expectDistinct([packed.data, got.output.data, ...got.last, expected.output.data, ...expected.last]);
    for (const tensor of [got.output.data, ...got.last]) spoil(tensor);
    expectSameBits('output', (await layers.forward(packed)).output.data.data, expected.output.data.data);
  }),
  ...(cellClass
    ? [check(GROUP, `P8 C21: the state that ${cellClass} gives may be written to and transferred`, expectStateOwned)]
    : []),
  check(GROUP, 'C12 C21: what stateDict gives may be written to and transferred', async (subject) => {
    using layers = await small(subject, { numLayers: 2 });
    const input = sample([STEPS, 2, I], 11);
    const [dict, kept] = [layers.stateDict(), layers.stateDict()];
    const expected = await layers.forward(input);
    expectDistinct([...Object.values(dict), ...Object.values(kept)]);
    layers.loadStateDict(dict);
    for (const tensor of Object.values(dict)) spoil(tensor);
    for (const [name, { data }] of Object.entries(layers.stateDict())) expectSameBits(name, data, kept[name]!.data);
    expectSameBits('output', (await layers.forward(input)).output.data, expected.output.data);
  }),
  gradientCheck(
    'gradients',
    'C21 C28: results of vjp and pullback may be written to and transferred, and share no buffer',
    async (subject) => {
      for (const { options, shape } of CALLS) await expectGradientsOwned(subject, options, sample(shape, 11));
    },
  ),
];

async function expectStateOwned(subject: Subject): Promise<void> {
  using cell = await smallCell(subject);
  const [x, states] = [sample([2, I], 11), samples(rowStateShapes(subject, [2]), 12)];
  const [got, expected] = [await cell.forward(x, states), await cell.forward(x, states)];
  expectDistinct([x, ...states, ...got, ...expected]);
  for (const tensor of got) spoil(tensor);
  expectSameStates(subject, '', await cell.forward(x, states), expected);
}

async function expectGradientsOwned(subject: Subject, options: Options, input: Tensor): Promise<void> {
  using layers = await small(subject, options);
  const { pullback, ...result } = await layers.vjp(input);
  const given = cotangentsOf(result, 31);
  const all = async (): Promise<readonly Tensor[]> => {
    const { input: dx, initial, parameters } = await pullback(given);
    return [dx, ...initial, ...Object.values(parameters)];
  };
  const [got, expected] = [await all(), await all()];
  expectDistinct([input, ...[given, result].flatMap(tensorsIn), ...got, ...expected]);
  for (const tensor of [...tensorsIn(result), ...got]) spoil(tensor);
  const again = await all();
  expected.forEach(({ data }, i) => {
    expectSameBits(`gradient ${i}`, again[i]!.data, data);
  });
}

const tensorsIn = ({ output, last }: LayerResult): Tensor[] => [output, ...last];

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
