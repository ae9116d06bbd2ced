import * as fc from 'fast-check';
import { anyExample, createExample, type Example, enclosureOf, expectAgree, tensorsOf } from '../examples/example.ts';
import { range, swapped, takeBatch, takeFeatures, takeSteps } from '../examples/rearrange.ts';
import { sample } from '../examples/samples.ts';
import { expectSameBits } from '../expect/expect.ts';
import type { Subject } from '../subject/subject.ts';
import { type Check, check } from './check.ts';

/** A check that holds for every example. */
function property(
  title: string,
  fixed: Partial<Example>,
  holds: (subject: Subject, example: Example) => Promise<void>,
): Check {
  return check('properties', title, (subject) =>
    fc.assert(
      fc.asyncProperty(anyExample(fixed), (example) => holds(subject, example)),
      { seed: subject.random.seed, numRuns: subject.random.runs },
    ),
  );
}

/** What must hold between results, whatever the numbers. */
export const propertyChecks: readonly Check[] = [
  property(
    'E4 P5: a sequence in two parts is the whole sequence',
    { bidirectional: false },
    async (subject, example) => {
      const tensors = tensorsOf(example);
      const { input, h0 } = tensors;
      using gru = await createExample(subject, example, tensors.stateDict);
      const whole = await gru.forward(input, h0);
      const enclosure = () => enclosureOf(subject, example, tensors);
      const cut = 1 + (example.seed % example.steps);
      if (cut === example.steps) return;
      const first = await gru.forward(takeSteps(input, range(0, cut)), h0);
      const second = await gru.forward(takeSteps(input, range(cut, example.steps)), first.hn);
      const joined = [...first.output.data, ...second.output.data];
      expectAgree(subject, `output in parts of ${cut}`, joined, whole.output.data, () => enclosure().output);
      expectAgree(subject, 'hn', second.hn.data, whole.hn.data, () => enclosure().hn);
    },
  ),
  property('C22: a row of a batch does not depend on the other rows', {}, async (subject, example) => {
    const { stateDict, input, h0 } = tensorsOf(example);
    using gru = await createExample(subject, example, stateDict);
    const { output, hn } = await gru.forward(input, h0);
    const row = example.seed % example.batch;
    const others = { ...tensorsOf({ ...example, seed: example.seed + 1 }) };
    const mixed = { ...others.input, data: others.input.data.map((value, i) => (i % 3 === 0 ? Number.NaN : value)) };
    keepRow(mixed.data, input.data, row, example.batch, example.inputSize);
    keepRow(others.h0.data, h0.data, row, example.batch, example.hiddenSize);
    const again = await gru.forward(mixed, others.h0);
    expectSameBits('output', takeBatch(again.output, [row]).data, takeBatch(output, [row]).data);
    expectSameBits('hn', takeBatch(again.hn, [row]).data, takeBatch(hn, [row]).data);
  }),
  property('C22: a batch permuted is the output permuted', {}, async (subject, example) => {
    const { stateDict, input, h0 } = tensorsOf(example);
    using gru = await createExample(subject, example, stateDict);
    const { output, hn } = await gru.forward(input, h0);
    const shift = example.seed % example.batch;
    const order = range(0, example.batch)
      .map((b) => (b + shift) % example.batch)
      .reverse();
    const permuted = await gru.forward(takeBatch(input, order), takeBatch(h0, order));
    expectSameBits('output', permuted.output.data, takeBatch(output, order).data);
    expectSameBits('hn', permuted.hn.data, takeBatch(hn, order).data);
  }),
  property('C22: a row alone is the row in its batch', {}, async (subject, example) => {
    const tensors = tensorsOf(example);
    using gru = await createExample(subject, example, tensors.stateDict);
    const { output, hn } = await gru.forward(tensors.input, tensors.h0);
    const row = example.seed % example.batch;
    const own = { ...tensors, input: takeBatch(tensors.input, [row]), h0: takeBatch(tensors.h0, [row]) };
    const alone = await gru.forward(own.input, own.h0);
    const enclosure = () => enclosureOf(subject, { ...example, batch: 1 }, own);
    expectAgree(subject, 'output', alone.output.data, takeBatch(output, [row]).data, () => enclosure().output);
    expectAgree(subject, 'hn', alone.hn.data, takeBatch(hn, [row]).data, () => enclosure().hn);
  }),
  property(
    'P6: bidirectional is a forward and a reversed GRU side by side',
    { bidirectional: true, numLayers: 1 },
    async (subject, example) => {
      const tensors = tensorsOf(example);
      const { stateDict, input, h0 } = tensors;
      using gru = await createExample(subject, example, stateDict);
      const { output, hn } = await gru.forward(input, h0);
      const H = example.hiddenSize;
      const backwards = range(0, example.steps).reverse();
      for (const direction of [0, 1]) {
        const one = { ...example, bidirectional: false };
        const suffix = direction ? '_l0_reverse' : '_l0';
        const entries = Object.entries(stateDict).filter(([name]) => name.endsWith(suffix));
        const own = {
          stateDict: Object.fromEntries(entries.map(([name, value]) => [name.replace(suffix, '_l0'), value])),
          input: direction ? takeSteps(input, backwards) : input,
          h0: takeSteps(h0, [direction]),
        };
        using single = await createExample(subject, one, own.stateDict);
        const result = await single.forward(own.input, own.h0);
        const half = takeFeatures(output, direction * H, (direction + 1) * H);
        const got = direction ? takeSteps(half, backwards) : half;
        const enclosure = () => enclosureOf(subject, one, own);
        expectAgree(subject, `output${suffix}`, got.data, result.output.data, () => enclosure().output);
        expectAgree(subject, `hn${suffix}`, takeSteps(hn, [direction]).data, result.hn.data, () => enclosure().hn);
      }
    },
  ),
  property('P4: a packed batch is each row alone', {}, async (subject, example) => {
    const { stateDict, input, h0 } = tensorsOf(example);
    using gru = await createExample(subject, example, stateDict);
    const lengths = range(0, example.batch).map((b) => 1 + ((example.seed + 5 * b) % example.steps));
    const packed = subject.packPaddedSequence(input, lengths, { enforceSorted: false });
    const { output, hn } = await gru.forward(packed, h0);
    const padded = subject.padPackedSequence(output).output;
    for (const [b, length] of lengths.entries()) {
      const own = { stateDict, input: takeSteps(takeBatch(input, [b]), range(0, length)), h0: takeBatch(h0, [b]) };
      const alone = await gru.forward(own.input, own.h0);
      const got = takeSteps(takeBatch(padded, [b]), range(0, length));
      const enclosure = () => enclosureOf(subject, { ...example, batch: 1, steps: length }, own);
      expectAgree(subject, `output of sequence ${b}`, got.data, alone.output.data, () => enclosure().output);
      expectAgree(subject, `hn of sequence ${b}`, takeBatch(hn, [b]).data, alone.hn.data, () => enclosure().hn);
    }
  }),
  property('P2: batchFirst is the transposed input and output', {}, async (subject, example) => {
    const { stateDict, input, h0 } = tensorsOf(example);
    using gru = await createExample(subject, example, stateDict);
    using first = await createExample(subject, example, stateDict, { batchFirst: true });
    const expected = await gru.forward(input, h0);
    const got = await first.forward(swapped(input), h0);
    expectSameBits('output', swapped(got.output).data, expected.output.data);
    expectSameBits('hn', got.hn.data, expected.hn.data);
  }),
  property('P7: no bias is a bias of zeros', { bias: false }, async (subject, example) => {
    const { stateDict, input, h0 } = tensorsOf(example);
    using gru = await createExample(subject, example, stateDict);
    const zeros = Object.entries(tensorsOf({ ...example, bias: true }).stateDict).map(
      ([name, { shape }]) => [name, stateDict[name] ?? sample(shape, 0, 'float32', 0)] as const,
    );
    using biased = await createExample(subject, { ...example, bias: true }, Object.fromEntries(zeros));
    const [got, expected] = [await gru.forward(input, h0), await biased.forward(input, h0)];
    expectSameBits('output', got.output.data, expected.output.data);
    expectSameBits('hn', got.hn.data, expected.hn.data);
  }),
  property('P6: layers are GRUs one after the other', { numLayers: 2 }, async (subject, example) => {
    const tensors = tensorsOf(example);
    const { stateDict, input, h0 } = tensors;
    using gru = await createExample(subject, example, stateDict);
    const { output, hn } = await gru.forward(input, h0);
    const D = example.bidirectional ? 2 : 1;
    const layer = (index: number) =>
      Object.fromEntries(
        Object.entries(stateDict)
          .filter(([name]) => name.includes(`_l${index}`))
          .map(([name, value]) => [name.replace(`_l${index}`, '_l0'), value]),
      );
    const one = { ...example, numLayers: 1 };
    using lower = await createExample(subject, one, layer(0));
    using upper = await createExample(subject, { ...one, inputSize: D * example.hiddenSize }, layer(1));
    const below = await lower.forward(input, takeSteps(h0, range(0, D)));
    const above = await upper.forward(below.output, takeSteps(h0, range(D, 2 * D)));
    const enclosure = () => enclosureOf(subject, example, tensors);
    expectAgree(subject, 'output', above.output.data, output.data, () => enclosure().output);
    const states = [...below.hn.data, ...above.hn.data];
    expectAgree(subject, 'hn', states, hn.data, () => enclosure().hn);
  }),
  property('P5 P10: hn is the last step of each direction, at layer·D + direction', {}, async (subject, example) => {
    const { stateDict, input, h0 } = tensorsOf(example);
    using gru = await createExample(subject, example, stateDict);
    const { output, hn } = await gru.forward(input, h0);
    const { hiddenSize: H, steps, numLayers, bidirectional } = example;
    const D = bidirectional ? 2 : 1;
    const ends = [steps - 1, 0].slice(0, D);
    for (const [direction, end] of ends.entries()) {
      const last = takeSteps(takeFeatures(output, direction * H, (direction + 1) * H), [end]);
      expectSameBits(
        `hn[${(numLayers - 1) * D + direction}]`,
        takeSteps(hn, [(numLayers - 1) * D + direction]).data,
        last.data,
      );
    }
  }),
];

/** Puts one row of `from` into `to`, both [n, batch, width]. */
function keepRow(
  to: Float32Array | Float64Array,
  from: ArrayLike<number>,
  row: number,
  batch: number,
  width: number,
): void {
  for (let i = 0; i < to.length; i++) if (Math.floor(i / width) % batch === row) to[i] = from[i]!;
}
