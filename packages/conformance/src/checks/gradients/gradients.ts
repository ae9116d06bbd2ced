import type { Tensor } from '@congruent/runtime';
import { expectSameStates } from '../../examples/example.ts';
import { swapped } from '../../examples/rearrange.ts';
import {
  BATCH,
  rowStateShapes,
  SIZES,
  STEPS,
  sample,
  samples,
  small,
  smallCell,
  smallInput,
  smallStateShapes,
  smallWidth,
} from '../../examples/samples.ts';
import { expect, expectEqual, expectSameBits } from '../../expect/expect.ts';
import { type Kind, statesOf, statesText } from '../../kinds/kind.ts';
import type { Options } from '../../subject/classes.ts';
import { isPromise, type LayerGradients } from '../../subject/layers.ts';
import type { Subject } from '../../subject/subject.ts';
import type { KindCheck } from '../check.ts';
import { structure } from '../packed.ts';
import { cotangentsOf, expectSameGradients } from './run.ts';
import { gradientCheck } from './training.ts';

const GROUP = 'gradients';
const { inputSize: I } = SIZES;
const DEEP: Options = { numLayers: 2, bidirectional: true };

const zerosLike = ({ data, shape }: Tensor): Tensor => ({ data: data.map(() => 0), shape });

/** What `vjp` and `pullback` give, and for what. */
export const gradientChecks = (kind: Kind): readonly KindCheck[] => [
  gradientCheck(
    GROUP,
    'C10 P11: vjp and pullback answer without promises where backend.supports.sync',
    async (subject) => {
      using layers = await small(subject);
      const call = layers.made.vjp(smallInput());
      const { pullback, output } = await call;
      const back = pullback({ output: sample((output as Tensor).shape, 31) });
      const { sync } = subject.backend.supports;
      expectEqual('vjp gives a promise', isPromise(call), !sync);
      expectEqual('pullback gives a promise', isPromise(back), !sync);
      await back;
    },
  ),
  gradientCheck(
    GROUP,
    'P11: gradients have the names of the state dict and the shapes of the operands',
    async (subject) => {
      for (const options of [DEEP, { ...DEEP, bias: false }, { bias: false }]) {
        using layers = await small(subject, options);
        const { pullback, ...result } = await layers.vjp(smallInput());
        const { input, initial, parameters } = await pullback(cotangentsOf(result, 31));
        expectEqual('shape of the gradient of input', input.shape, [STEPS, BATCH, I]);
        expectEqual('shapes of the gradients of initial states', initial.map(shapeOf), result.last.map(shapeOf));
        const shapes = (tensors: Record<string, Tensor>) =>
          Object.entries(tensors).flatMap(([name, { shape }]) => [name, ...shape]);
        expectEqual('names and shapes of parameters', shapes(parameters), shapes(layers.stateDict()));
      }
    },
  ),
  gradientCheck(GROUP, `P11: ${statesText(kind, '0')} left out has the gradient of zeros`, async (subject) => {
    using layers = await small(subject, DEEP);
    const { pullback, ...result } = await layers.vjp(smallInput());
    const given = cotangentsOf(result, 31);
    const other = await layers.vjp(smallInput(), result.last.map(zerosLike));
    expectSameGradients(subject, 'left out', await pullback(given), await other.pullback(given));
  }),
  gradientCheck(GROUP, 'C26: a gradient that is left out counts as zeros', async (subject) => {
    using layers = await small(subject, DEEP);
    const { pullback, ...result } = await layers.vjp(smallInput());
    const { output, last } = cotangentsOf(result, 31);
    for (const [index, name] of statesOf(kind, 'n').entries()) {
      const without = (change: (tensor: Tensor) => Tensor | undefined) =>
        last.map((tensor, i) => (i === index ? change(tensor) : tensor));
      const got = await pullback({ output, last: without(() => undefined) });
      const expected = await pullback({ output, last: without(zerosLike) });
      expectSameGradients(subject, `${name} left out`, got, expected);
    }
    const zeros = zerosLike(output);
    expectSameGradients(subject, 'output left out', await pullback({ last }), await pullback({ output: zeros, last }));
  }),
  gradientCheck(GROUP, 'E10: a loss times 2 has the gradients times 2', async (subject) => {
    using layers = await small(subject, DEEP);
    const { pullback, ...result } = await layers.vjp(smallInput());
    const given = cotangentsOf(result, 31);
    const twice = ({ data, shape }: Tensor): Tensor => ({ data: data.map((value) => 2 * value), shape });
    const { input, initial, parameters } = await pullback(given);
    const expected: LayerGradients = {
      input: twice(input),
      initial: initial.map(twice),
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, twice(tensor)])),
    };
    const got = await pullback({ output: twice(given.output), last: given.last.map(twice) });
    expectSameGradients(subject, 'times 2', got, expected);
  }),
  gradientCheck(
    GROUP,
    'P2 P11: with batchFirst the gradient of input is that of [T, B, I] transposed',
    async (subject) => {
      using layers = await small(subject, DEEP);
      using first = await small(subject, { ...DEEP, batchFirst: true });
      const { pullback, ...result } = await layers.vjp(smallInput());
      const { output, last } = cotangentsOf(result, 31);
      const expected = await pullback({ output, last });
      const transposed = await first.vjp(swapped(smallInput()));
      const got = await transposed.pullback({ output: swapped(output), last });
      expectSameGradients(subject, 'batchFirst', { ...got, input: swapped(got.input) }, expected);
    },
  ),
  gradientCheck(GROUP, 'P3 P11: one sequence without a batch has the gradients of a batch of one', async (subject) => {
    using layers = await small(subject, DEEP);
    const input = sample([STEPS, I], 32);
    const { pullback, ...result } = await layers.vjp(input);
    const { output, last } = cotangentsOf(result, 31);
    const got = await pullback({ output, last });
    const batched = ({ data, shape: [first, width] }: Tensor): Tensor => ({ data, shape: [first!, 1, width!] });
    const batch = await layers.vjp(batched(input));
    const expected = await batch.pullback({ output: batched(output), last: last.map(batched) });
    expectEqual('shape of the gradient of input', got.input.shape, [STEPS, I]);
    expectEqual(
      'shapes of the gradients of initial states',
      got.initial.map(shapeOf),
      smallStateShapes(subject, DEEP, []),
    );
    const inBatch = { ...got, input: batched(got.input), initial: got.initial.map(batched) };
    expectSameGradients(subject, 'unbatched', inBatch, expected);
  }),
  gradientCheck(GROUP, 'P1 P11: an empty batch has gradients of zeros', expectEmpty),
  gradientCheck(GROUP, 'P12: a packed input has packed gradients with its indices', expectPacked),
  ...(kind.cellClass
    ? [gradientCheck(GROUP, `P13: ${kind.cellClass}.vjp is that of a ${kind.layerClass} of one step`, expectCell)]
    : []),
];

async function expectEmpty(subject: Subject): Promise<void> {
  using layers = await small(subject, DEEP);
  const { pullback, ...result } = await layers.vjp(sample([STEPS, 0, I], 1));
  expectEqual('shape of output', result.output.shape, [STEPS, 0, 2 * smallWidth(subject)]);
  const { input, initial, parameters } = await pullback(cotangentsOf(result, 31));
  expectEqual('shape of the gradient of input', input.shape, [STEPS, 0, I]);
  expectEqual('shapes of the gradients of initial states', initial.map(shapeOf), smallStateShapes(subject, DEEP, [0]));
  expectZeros(parameters, layers.stateDict());
  if (!subject.kind.cellClass) return;
  using cell = await smallCell(subject);
  const shapes = rowStateShapes(subject, [0]);
  const step = await cell.vjp(sample([0, I], 1));
  const found = await step.pullback(samples(shapes, 1));
  expectEqual('shapes of the states', [...step.output, ...found.initial].map(shapeOf), [...shapes, ...shapes]);
  expectEqual('shape of the gradient of x', found.input.shape, [0, I]);
  expectZeros(found.parameters, cell.stateDict());
}

async function expectPacked(subject: Subject): Promise<void> {
  using layers = await small(subject, DEEP);
  const pack = (tensor: Tensor) => subject.packPaddedSequence(tensor, [2, 4, 1], { enforceSorted: false });
  const packed = pack(sample([STEPS, 3, I], 21));
  const { output, last, pullback } = await layers.vjp(packed);
  expectEqual('indices of output', structure(output), structure(packed));
  const fed = last.map(({ shape }, index) => sample(shape, 32 + index));
  const given = { output: pack(sample([STEPS, 3, 2 * smallWidth(subject)], 31)), last: fed };
  const { input } = await pullback(given);
  expectEqual('indices of the gradient of input', structure(input), structure(packed));
  expectEqual('shape of the gradient of input', input.data.shape, [7, I]);
  const { input: made } = await pullback({ output: { ...output, data: given.output.data }, last: fed });
  expectSameBits('gradient made from the output', made.data.data, input.data.data);
}

async function expectCell(subject: Subject): Promise<void> {
  for (const bias of [true, false]) {
    using layers = await small(subject, { bias });
    using cell = await smallCell(subject, { bias });
    cell.loadStateDict(renamed(layers.stateDict()));
    const shapes = rowStateShapes(subject);
    const [x, states, fed] = [sample([BATCH, I], 14), samples(shapes, 15), samples(shapes, 16)];
    for (const given of [states, undefined]) {
      const whole = await layers.vjp(step(x), given?.map(step));
      const wanted = await whole.pullback({ last: fed.map(step) });
      const { output, pullback } = await cell.vjp(x, given);
      const got = await pullback(fed);
      expectSameStates(subject, '', output, whole.last);
      expectSameStates(subject, ' of forward', output, await cell.forward(x, given));
      const expected = { ...wanted, parameters: renamed(wanted.parameters) };
      const ofStep = { ...got, input: step(got.input), initial: got.initial.map(step) };
      expectSameGradients(subject, 'cell', ofStep, expected);
    }
    const one = rowStateShapes(subject, []);
    const row = await cell.vjp({ data: x.data.subarray(0, I), shape: [I] });
    const { input, initial } = await row.pullback(samples(one, 16));
    expectEqual('shapes for one row', [...row.output, ...initial].map(shapeOf), [...one, ...one]);
    expectEqual('shape of the gradient of x for one row', input.shape, [I]);
  }
}

const step = ({ data, shape }: Tensor): Tensor => ({ data, shape: [1, ...shape] });

const renamed = (tensors: Record<string, Tensor>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name.replace('_l0', ''), tensor]));

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
