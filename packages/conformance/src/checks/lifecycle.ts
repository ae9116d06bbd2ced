import type { GRU } from '@congruent/runtime';
import { BATCH, SIZES, sample, small, smallCell, smallInput } from '../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../expect/expect.ts';
import { type Check, check } from './check.ts';
import { expectRefusal } from './refusal.ts';

const GROUP = 'lifecycle';
const { inputSize: I, hiddenSize: H } = SIZES;

/** What calls leave behind, and what is left after the end. */
export const lifecycleChecks: readonly Check[] = [
  check(GROUP, 'C21: results are fresh, and a later call does not change them', async (subject) => {
    using gru = await small(subject, { numLayers: 2 });
    const first = await gru.forward(smallInput());
    const [output, hn] = [first.output.data.slice(), first.hn.data.slice()];
    const second = await gru.forward(sample([4, BATCH, I], 12), first.hn);
    expect(second.output.data !== first.output.data, 'output must be a fresh array');
    expectSameBits('output of the first call', first.output.data, output);
    expectSameBits('hn of the first call', first.hn.data, hn);
    first.output.data.fill(Number.NaN);
    first.hn.data.fill(Number.NaN);
    expectSameBits('output of a third call', (await gru.forward(smallInput())).output.data, output);
  }),
  check(GROUP, 'C21: input, h0 and the state dict keep their bits', async (subject) => {
    using gru = await small(subject, { numLayers: 2, bidirectional: true });
    const [input, h0] = [smallInput(), sample([4, BATCH, H], 13)];
    const dict = gru.stateDict();
    const before = [input, h0, ...Object.values(dict)].map(({ data }) => data.slice());
    gru.loadStateDict(dict);
    await gru.forward(input, h0);
    [input, h0, ...Object.values(dict)].forEach(({ data }, i) => {
      expectSameBits(`operand ${i}`, data, before[i]!);
    });
  }),
  check(GROUP, 'C21: the same call twice gives the same bits', async (subject) => {
    using gru = await small(subject, { numLayers: 2, bidirectional: true });
    const [first, second] = [await gru.forward(smallInput()), await gru.forward(smallInput())];
    expectSameBits('output', second.output.data, first.output.data);
    expectSameBits('hn', second.hn.data, first.hn.data);
  }),
  check(GROUP, 'C21: results are views of no larger buffer that belongs to others', async (subject) => {
    using gru = await small(subject, { numLayers: 2 });
    const { output, hn } = await gru.forward(smallInput());
    expect(output.data.buffer !== hn.data.buffer, 'output and hn must not share a buffer');
    expectEqual('bytes behind output', output.data.buffer.byteLength, output.data.byteLength);
  }),
  check(GROUP, 'P5: h0 left out is zeros', async (subject) => {
    using gru = await small(subject, { numLayers: 2 });
    const zeros = sample([2, BATCH, H], 0, 'float32', 0);
    zeros.data.fill(0); // the samples of scale 0 have both signs
    const [got, expected] = [await gru.forward(smallInput()), await gru.forward(smallInput(), zeros)];
    expectSameBits('output', got.output.data, expected.output.data);
    using cell = await smallCell(subject);
    const x = sample([BATCH, I], 1);
    const state = await cell.forward(x, { data: new Float32Array(BATCH * H), shape: [BATCH, H] });
    expectSameBits('GRUCell', (await cell.forward(x)).data, state.data);
  }),
  check(GROUP, 'P8: a GRU of one layer is its GRUCell step by step', async (subject) => {
    using gru = await small(subject);
    using cell = await smallCell(subject);
    const entries = Object.entries(gru.stateDict()).map(([name, value]) => [name.replace('_l0', ''), value] as const);
    cell.loadStateDict(Object.fromEntries(entries));
    const x = sample([BATCH, I], 14);
    const hx = sample([BATCH, H], 15);
    const step = await gru.forward({ ...x, shape: [1, BATCH, I] }, { ...hx, shape: [1, BATCH, H] });
    expectSameBits('state', (await cell.forward(x, hx)).data, step.hn.data);
  }),
  check(GROUP, 'C23: calls that are not awaited act in the order in which they were made', async (subject) => {
    using gru = await small(subject);
    using other = await small(subject, { seed: 8 });
    const [own, others] = [
      (await gru.forward(smallInput())).output.data,
      (await other.forward(smallInput())).output.data,
    ];
    const input = smallInput();
    const calls = [gru.forward(input)];
    input.data.fill(0);
    gru.loadStateDict(other.stateDict());
    calls.push(gru.forward(smallInput()));
    const [before, after] = await Promise.all(calls);
    expectSameBits('call before loadStateDict', before!.output.data, own);
    expectSameBits('call after loadStateDict', after!.output.data, others);
  }),
  check(
    GROUP,
    'C24: after dispose every method is refused with CONGRUENT_DISPOSED; dispose twice does nothing',
    async (subject) => {
      const gru = await small(subject);
      const stream = gru.stream();
      gru.dispose();
      gru.dispose();
      const calls: ((gru: GRU) => unknown)[] = [
        (gru) => gru.forward(smallInput()),
        (gru) => gru.stateDict(),
        (gru) => gru.loadStateDict({}, { strict: false }),
        (gru) => gru.stream(),
        (gru) => gru.eval(),
        (gru) => gru.train(),
        () => stream.step(new Float32Array(I)),
        () => stream.reset(),
        () => stream.state,
      ];
      for (const call of calls) await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => call(gru));
      const cell = await smallCell(subject);
      cell.dispose();
      await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => cell.forward(sample([I], 1)));
    },
  ),
  check(GROUP, 'C24: dispose of a stream ends the stream alone; `using` disposes', async (subject) => {
    using gru = await small(subject);
    const stream = gru.stream();
    stream.dispose();
    stream.dispose();
    await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => stream.step(new Float32Array(I)));
    await gru.forward(smallInput());
    const other = await small(subject);
    other[Symbol.dispose]();
    await expectRefusal(subject, 'CONGRUENT_DISPOSED', 'dispose', () => other.forward(smallInput()));
    await gru.forward(smallInput());
  }),
  check(GROUP, 'C20: a NaN or ±Infinity in one row leaves the other rows alone', async (subject) => {
    using gru = await small(subject);
    const expected = (await gru.forward(smallInput())).output.data;
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      const input = smallInput();
      input.data[I] = value; // first step, second row
      const { output } = await gru.forward(input);
      for (let t = 0; t < 4; t++) {
        const [from, to] = [t * BATCH * H, t * BATCH * H + H];
        expectSameBits(`first row at step ${t}`, output.data.subarray(from, to), expected.subarray(from, to));
      }
      const second = output.data.subarray(H, 2 * H);
      expectEqual(`NaN in the row of ${value}`, second.every(Number.isNaN), Number.isNaN(value));
    }
  }),
  check(
    GROUP,
    'C21: a GRU larger than all before it, and then a small one again, give what they must',
    async (subject) => {
      using gru = await small(subject);
      const expected = (await gru.forward(smallInput())).output.data;
      using large = await subject.createGRU({ inputSize: 20, hiddenSize: 30, seed: 1 });
      const { output } = await large.forward(sample([2, 8, 20], 16));
      expect(
        output.data.every((value) => Math.abs(value) < 1),
        'states that start at zero stay within ±1',
      );
      expectSameBits('output of the small one', (await gru.forward(smallInput())).output.data, expected);
      expectSameBits('longer, then shorter', (await longer(gru)).subarray(0, expected.length), expected);
      expectSameBits('and again', (await gru.forward(smallInput())).output.data, expected);
    },
  ),
];

/** The output for `smallInput` and ten more steps. */
async function longer(gru: GRU): Promise<Float32Array | Float64Array> {
  const { data } = smallInput();
  const input = sample([14, BATCH, I], 17);
  input.data.set(data);
  return (await gru.forward(input)).output.data;
}
