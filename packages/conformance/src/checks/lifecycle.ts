import type { Tensor } from '@congruent/runtime';
import { expectSameStates } from '../examples/example.ts';
import {
  BATCH,
  rowStateShapes,
  SIZES,
  sample,
  samples,
  small,
  smallCell,
  smallInput,
  smallStateShapes,
  smallWidth,
} from '../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../expect/expect.ts';
import { type Kind, statesText } from '../kinds/kind.ts';
import type { LayersUnderTest } from '../subject/layers.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck } from './check.ts';
import { expectRefusal } from './refusal.ts';

const GROUP = 'lifecycle';
const { inputSize: I } = SIZES;

/** What calls leave behind, and what is left after the end. */
export const lifecycleChecks = (kind: Kind): readonly KindCheck[] => [
  check(GROUP, 'C21: results are fresh, and a later call does not change them', async (subject) => {
    using layers = await small(subject, { numLayers: 2 });
    const first = await layers.forward(smallInput());
    const [output, last] = [first.output.data.slice(), first.last.map(copied)];
    const second = await layers.forward(sample([4, BATCH, I], 12), first.last);
    expect(second.output.data !== first.output.data, 'output must be a fresh array');
    expectSameBits('output of the first call', first.output.data, output);
    expectSameStates(subject, ' of the first call', first.last, last);
    for (const { data } of [first.output, ...first.last]) data.fill(Number.NaN);
    expectSameBits('output of a third call', (await layers.forward(smallInput())).output.data, output);
  }),
  check(GROUP, `C21: input, ${statesText(kind, '0')} and the state dict keep their bits`, async (subject) => {
    const options = { numLayers: 2, bidirectional: true };
    using layers = await small(subject, options);
    const [input, initial] = [smallInput(), samples(smallStateShapes(subject, options), 13)];
    const dict = layers.stateDict();
    const before = [input, ...initial, ...Object.values(dict)].map(({ data }) => data.slice());
    layers.loadStateDict(dict);
    await layers.forward(input, initial);
    [input, ...initial, ...Object.values(dict)].forEach(({ data }, i) => {
      expectSameBits(`operand ${i}`, data, before[i]!);
    });
  }),
  check(GROUP, 'C21: the same call twice gives the same bits', async (subject) => {
    using layers = await small(subject, { numLayers: 2, bidirectional: true });
    const [first, second] = [await layers.forward(smallInput()), await layers.forward(smallInput())];
    expectSameBits('output', second.output.data, first.output.data);
    expectSameStates(subject, '', second.last, first.last);
  }),
  check(GROUP, 'C21: results are views of no larger buffer that belongs to others', async (subject) => {
    using layers = await small(subject, { numLayers: 2 });
    const { output, last } = await layers.forward(smallInput());
    const buffers = new Set([output, ...last].map(({ data }) => data.buffer));
    expect(buffers.size === 1 + last.length, 'output and the last states must not share a buffer');
    expectEqual('bytes behind output', output.data.buffer.byteLength, output.data.byteLength);
  }),
  check(GROUP, `P5: ${statesText(kind, '0')} left out is zeros`, async (subject) => {
    using layers = await small(subject, { numLayers: 2 });
    const zeros = zerosOf(smallStateShapes(subject, { numLayers: 2 }));
    const [got, expected] = [await layers.forward(smallInput()), await layers.forward(smallInput(), zeros)];
    expectSameBits('output', got.output.data, expected.output.data);
    if (!kind.cellClass) return;
    using cell = await smallCell(subject);
    const x = sample([BATCH, I], 1);
    const states = await cell.forward(x, zerosOf(rowStateShapes(subject)));
    expectSameStates(subject, ` of ${kind.cellClass}`, await cell.forward(x), states);
  }),
  ...(kind.cellClass
    ? [check(GROUP, `P8: a ${kind.layerClass} of one layer is its ${kind.cellClass} step by step`, expectSameSteps)]
    : []),
  check(GROUP, 'C23: calls that are not awaited act in the order in which they were made', async (subject) => {
    using layers = await small(subject);
    using other = await small(subject, { seed: 8 });
    const [own, others] = [
      (await layers.forward(smallInput())).output.data,
      (await other.forward(smallInput())).output.data,
    ];
    const input = smallInput();
    const calls = [layers.forward(input)];
    input.data.fill(0);
    layers.loadStateDict(other.stateDict());
    calls.push(layers.forward(smallInput()));
    const [before, after] = await Promise.all(calls);
    expectSameBits('call before loadStateDict', before!.output.data, own);
    expectSameBits('call after loadStateDict', after!.output.data, others);
  }),
  check(
    GROUP,
    'C24: after dispose every method is refused with CONGRUENT_DISPOSED; dispose twice does nothing',
    async (subject) => {
      const layers = await small(subject);
      const stream = layers.stream();
      layers.dispose();
      layers.dispose();
      const calls: ((layers: LayersUnderTest) => unknown)[] = [
        (layers) => layers.forward(smallInput()),
        (layers) => layers.stateDict(),
        (layers) => layers.loadStateDict({}, { strict: false }),
        (layers) => layers.stream(),
        (layers) => layers.eval(),
        (layers) => layers.train(),
        () => stream.step(new Float32Array(I)),
        () => stream.reset(),
        () => stream.state(),
      ];
      for (const call of calls) await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => call(layers));
      if (!kind.cellClass) return;
      const cell = await smallCell(subject);
      cell.dispose();
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => cell.forward(sample([I], 1)));
    },
  ),
  check(GROUP, 'C24: dispose of a stream ends the stream alone; `using` disposes', async (subject) => {
    using layers = await small(subject);
    const stream = layers.stream();
    stream.dispose();
    stream.dispose();
    await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => stream.step(new Float32Array(I)));
    await layers.forward(smallInput());
    const other = await small(subject);
    other[Symbol.dispose]();
    await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => other.forward(smallInput()));
    await layers.forward(smallInput());
  }),
  check(GROUP, 'C20: a NaN or ±Infinity in one row leaves the other rows alone', async (subject) => {
    const width = smallWidth(subject);
    using layers = await small(subject);
    const expected = (await layers.forward(smallInput())).output.data;
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      const input = smallInput();
      input.data[I] = value; // first step, second row
      const { output } = await layers.forward(input);
      for (let t = 0; t < 4; t++) {
        const [from, to] = [t * BATCH * width, t * BATCH * width + width];
        expectSameBits(`first row at step ${t}`, output.data.subarray(from, to), expected.subarray(from, to));
      }
      const second = output.data.subarray(width, 2 * width);
      expectEqual(`NaN in the row of ${value}`, second.every(Number.isNaN), Number.isNaN(value));
    }
  }),
  check(
    GROUP,
    `C21: a${kind.layerClass === 'GRU' ? '' : 'n'} ${kind.layerClass} larger than all before it, and then a small one again, give what they must`,
    async (subject) => {
      using layers = await small(subject);
      const expected = (await layers.forward(smallInput())).output.data;
      using large = await subject.createLayers({ inputSize: 20, hiddenSize: 30, seed: 1 });
      const { output } = await large.forward(sample([2, 8, 20], 16));
      expect(output.data.every(Number.isFinite), 'the output of the large one must be numbers');
      expectSameBits('output of the small one', (await layers.forward(smallInput())).output.data, expected);
      expectSameBits('longer, then shorter', (await longer(layers)).subarray(0, expected.length), expected);
      expectSameBits('and again', (await layers.forward(smallInput())).output.data, expected);
    },
  ),
];

const copied = ({ data, shape }: Tensor): Tensor => ({ data: data.slice(), shape });

/** The samples of scale 0 have both signs. */
const zerosOf = (shapes: readonly (readonly number[])[]): Tensor[] =>
  samples(shapes, 0).map(({ data, shape }) => ({ data: data.fill(0), shape }));

async function expectSameSteps(subject: Subject): Promise<void> {
  using layers = await small(subject);
  using cell = await smallCell(subject);
  const entries = Object.entries(layers.stateDict()).map(([name, value]) => [name.replace('_l0', ''), value] as const);
  cell.loadStateDict(Object.fromEntries(entries));
  const [x, states] = [sample([BATCH, I], 14), samples(rowStateShapes(subject), 15)];
  const step = ({ data, shape }: Tensor): Tensor => ({ data, shape: [1, ...shape] });
  const whole = await layers.forward(step(x), states.map(step));
  expectSameStates(subject, '', await cell.forward(x, states), whole.last);
}

/** The output for `smallInput` and ten more steps. */
async function longer(layers: LayersUnderTest): Promise<Float32Array | Float64Array> {
  const { data } = smallInput();
  const input = sample([14, BATCH, I], 17);
  input.data.set(data);
  return (await layers.forward(input)).output.data;
}
