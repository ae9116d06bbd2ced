import type { Tensor } from '@congruent/runtime';
import * as fc from 'fast-check';
import {
  anyExample,
  createExample,
  dataOf,
  type Example,
  enclosureOf,
  expectAgree,
  expectSameStates,
  expectStatesAgree,
  tensorsOf,
} from '../examples/example.ts';
import { range, swapped, takeBatch, takeFeatures, takeSteps } from '../examples/rearrange.ts';
import { sample } from '../examples/samples.ts';
import { expectSameBits } from '../expect/expect.ts';
import { type Kind, statesOf } from '../kinds/kind.ts';
import { directionsOf, outputWidth, stateWidths } from '../kinds/sizes.ts';
import type { Subject } from '../subject/subject.ts';
import { check, type KindCheck } from './check.ts';

type Holds = (subject: Subject, example: Example) => Promise<void>;

/** What must hold between results of a kind, whatever the numbers. */
export function propertyChecks(kind: Kind): readonly KindCheck[] {
  const { layerClass } = kind;
  const state = kind.equations.split(' ').at(-1);
  const last = statesOf(kind, 'n').join(' and ');
  const property = (title: string, fixed: Partial<Example>, holds: Holds): KindCheck =>
    check('properties', title, (subject) =>
      fc.assert(
        fc.asyncProperty(anyExample(kind, fixed), (example) => holds(subject, example)),
        { seed: subject.random.seed, numRuns: subject.random.runs },
      ),
    );
  return [
    property(`${state} P5: a sequence in two parts is the whole sequence`, { bidirectional: false }, expectParts),
    property('C22: a row of a batch does not depend on the other rows', {}, expectIndependent),
    property('C22: a batch permuted is the output permuted', {}, expectPermuted),
    property('C22: a row alone is the row in its batch', {}, expectAlone),
    property(
      `P6: bidirectional is a forward and a reversed ${layerClass} side by side`,
      { bidirectional: true, numLayers: 1 },
      expectDirections,
    ),
    property('P4: a packed batch is each row alone', {}, expectPacked),
    property('P2: batchFirst is the transposed input and output', {}, expectBatchFirst),
    property('P7: no bias is a bias of zeros', { bias: false }, expectZeroBias),
    property(`P6: layers are ${layerClass}s one after the other`, { numLayers: 2 }, expectLayers),
    property(`P5 P10: ${last} is the last step of each direction, at layer·D + direction`, {}, expectLast),
  ];
}

async function expectParts(subject: Subject, example: Example): Promise<void> {
  const tensors = tensorsOf(subject.kind, example);
  const { input, initial } = tensors;
  using layers = await createExample(subject, example, tensors.stateDict);
  const whole = await layers.forward(input, initial);
  const enclosure = () => enclosureOf(subject, example, tensors);
  const cut = 1 + (example.seed % example.steps);
  if (cut === example.steps) return;
  const first = await layers.forward(takeSteps(input, range(0, cut)), initial);
  const second = await layers.forward(takeSteps(input, range(cut, example.steps)), first.last);
  const joined = [...first.output.data, ...second.output.data];
  expectAgree(subject, `output in parts of ${cut}`, joined, whole.output.data, () => enclosure().output);
  expectStatesAgree(subject, '', dataOf(second.last), dataOf(whole.last), () => enclosure().last);
}

async function expectIndependent(subject: Subject, example: Example): Promise<void> {
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  const { output, last } = await layers.forward(input, initial);
  const row = example.seed % example.batch;
  const others = tensorsOf(subject.kind, { ...example, seed: example.seed + 1 });
  const mixed = { ...others.input, data: others.input.data.map((value, i) => (i % 3 === 0 ? Number.NaN : value)) };
  keepRow(mixed.data, input.data, row, example.batch, example.inputSize);
  for (const [index, width] of stateWidths(subject.kind, example).entries()) {
    keepRow(others.initial[index]!.data, initial[index]!.data, row, example.batch, width);
  }
  const again = await layers.forward(mixed, others.initial);
  const alone = (tensor: Tensor) => takeBatch(tensor, [row]);
  expectSameBits('output', alone(again.output).data, alone(output).data);
  expectSameStates(subject, '', again.last.map(alone), last.map(alone));
}

async function expectPermuted(subject: Subject, example: Example): Promise<void> {
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  const { output, last } = await layers.forward(input, initial);
  const shift = example.seed % example.batch;
  const order = range(0, example.batch)
    .map((b) => (b + shift) % example.batch)
    .reverse();
  const inOrder = (tensor: Tensor) => takeBatch(tensor, order);
  const permuted = await layers.forward(inOrder(input), initial.map(inOrder));
  expectSameBits('output', permuted.output.data, inOrder(output).data);
  expectSameStates(subject, '', permuted.last, last.map(inOrder));
}

async function expectAlone(subject: Subject, example: Example): Promise<void> {
  const tensors = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, tensors.stateDict);
  const { output, last } = await layers.forward(tensors.input, tensors.initial);
  const row = example.seed % example.batch;
  const one = (tensor: Tensor) => takeBatch(tensor, [row]);
  const own = { ...tensors, input: one(tensors.input), initial: tensors.initial.map(one) };
  const alone = await layers.forward(own.input, own.initial);
  const enclosure = () => enclosureOf(subject, { ...example, batch: 1 }, own);
  expectAgree(subject, 'output', alone.output.data, one(output).data, () => enclosure().output);
  expectStatesAgree(subject, '', dataOf(alone.last), dataOf(last.map(one)), () => enclosure().last);
}

async function expectDirections(subject: Subject, example: Example): Promise<void> {
  const tensors = tensorsOf(subject.kind, example);
  const { stateDict, input, initial } = tensors;
  using layers = await createExample(subject, example, stateDict);
  const { output, last } = await layers.forward(input, initial);
  const width = outputWidth(subject.kind, example);
  const backwards = range(0, example.steps).reverse();
  for (const direction of [0, 1]) {
    const one = { ...example, bidirectional: false };
    const suffix = direction ? '_l0_reverse' : '_l0';
    const entries = Object.entries(stateDict).filter(([name]) => name.endsWith(suffix));
    const ofDirection = (state: Tensor) => takeSteps(state, [direction]);
    const own = {
      stateDict: Object.fromEntries(entries.map(([name, value]) => [name.replace(suffix, '_l0'), value])),
      input: direction ? takeSteps(input, backwards) : input,
      initial: initial.map(ofDirection),
    };
    using single = await createExample(subject, one, own.stateDict);
    const result = await single.forward(own.input, own.initial);
    const half = takeFeatures(output, direction * width, (direction + 1) * width);
    const got = direction ? takeSteps(half, backwards) : half;
    const enclosure = () => enclosureOf(subject, one, own);
    expectAgree(subject, `output${suffix}`, got.data, result.output.data, () => enclosure().output);
    expectStatesAgree(subject, suffix, dataOf(last.map(ofDirection)), dataOf(result.last), () => enclosure().last);
  }
}

async function expectPacked(subject: Subject, example: Example): Promise<void> {
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  const lengths = range(0, example.batch).map((b) => 1 + ((example.seed + 5 * b) % example.steps));
  const packed = subject.packPaddedSequence(input, lengths, { enforceSorted: false });
  const { output, last } = await layers.forward(packed, initial);
  const padded = subject.padPackedSequence(output).output;
  for (const [b, length] of lengths.entries()) {
    const row = (tensor: Tensor) => takeBatch(tensor, [b]);
    const own = { stateDict, input: takeSteps(row(input), range(0, length)), initial: initial.map(row) };
    const alone = await layers.forward(own.input, own.initial);
    const got = takeSteps(row(padded), range(0, length));
    const enclosure = () => enclosureOf(subject, { ...example, batch: 1, steps: length }, own);
    const what = ` of sequence ${b}`;
    expectAgree(subject, `output${what}`, got.data, alone.output.data, () => enclosure().output);
    expectStatesAgree(subject, what, dataOf(last.map(row)), dataOf(alone.last), () => enclosure().last);
  }
}

async function expectBatchFirst(subject: Subject, example: Example): Promise<void> {
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  using first = await createExample(subject, example, stateDict, { batchFirst: true });
  const expected = await layers.forward(input, initial);
  const got = await first.forward(swapped(input), initial);
  expectSameBits('output', swapped(got.output).data, expected.output.data);
  expectSameStates(subject, '', got.last, expected.last);
}

async function expectZeroBias(subject: Subject, example: Example): Promise<void> {
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  const zeros = Object.entries(tensorsOf(subject.kind, { ...example, bias: true }).stateDict).map(
    ([name, { shape }]) => [name, stateDict[name] ?? sample(shape, 0, 'float32', 0)] as const,
  );
  using biased = await createExample(subject, { ...example, bias: true }, Object.fromEntries(zeros));
  const [got, expected] = [await layers.forward(input, initial), await biased.forward(input, initial)];
  expectSameBits('output', got.output.data, expected.output.data);
  expectSameStates(subject, '', got.last, expected.last);
}

async function expectLayers(subject: Subject, example: Example): Promise<void> {
  const tensors = tensorsOf(subject.kind, example);
  const { stateDict, input, initial } = tensors;
  using layers = await createExample(subject, example, stateDict);
  const { output, last } = await layers.forward(input, initial);
  const D = directionsOf(example);
  const layer = (index: number) =>
    Object.fromEntries(
      Object.entries(stateDict)
        .filter(([name]) => name.includes(`_l${index}`))
        .map(([name, value]) => [name.replace(`_l${index}`, '_l0'), value]),
    );
  const one = { ...example, numLayers: 1 };
  const states = (index: number) => initial.map((state) => takeSteps(state, range(index * D, (index + 1) * D)));
  using lower = await createExample(subject, one, layer(0));
  const inputSize = D * outputWidth(subject.kind, example);
  using upper = await createExample(subject, { ...one, inputSize }, layer(1));
  const below = await lower.forward(input, states(0));
  const above = await upper.forward(below.output, states(1));
  const enclosure = () => enclosureOf(subject, example, tensors);
  expectAgree(subject, 'output', above.output.data, output.data, () => enclosure().output);
  const joined = below.last.map(({ data }, index) => [...data, ...above.last[index]!.data]);
  expectStatesAgree(subject, '', joined, dataOf(last), () => enclosure().last);
}

async function expectLast(subject: Subject, example: Example): Promise<void> {
  const { stateDict, input, initial } = tensorsOf(subject.kind, example);
  using layers = await createExample(subject, example, stateDict);
  // The output is the first state.
  const {
    output,
    last: [hn],
  } = await layers.forward(input, initial);
  const { steps, numLayers } = example;
  const [width, D] = [outputWidth(subject.kind, example), directionsOf(example)];
  const ends = [steps - 1, 0].slice(0, D);
  for (const [direction, end] of ends.entries()) {
    const last = takeSteps(takeFeatures(output, direction * width, (direction + 1) * width), [end]);
    const index = (numLayers - 1) * D + direction;
    expectSameBits(`hn[${index}]`, takeSteps(hn!, [index]).data, last.data);
  }
}

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
