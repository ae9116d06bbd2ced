import type { FloatArray, GRUCotangents, GRUGradients, Tensor } from '@congruent/runtime';
import { moduleOf } from '../reference/backend.ts';
import { transposed } from './cell.ts';
import { backCallMutant, traceMutant, wrongBack } from './gradient-mutation.ts';
import { changeBlocks, type Mutant, moduleMutant } from './mutation.ts';

const zeroed = (data: FloatArray, where: (index: number) => boolean): FloatArray =>
  data.map((value, i) => (where(i) ? 0 : value));

/** Sequences gone back wrongly. */
const traceMutants: readonly Mutant[] = [
  traceMutant(
    'transposed product not transposed',
    (pullback, { dimensions: { H } }) =>
      (call, parameters, adjoints) => {
        const weight_hh = changeBlocks(parameters['weight_hh']!, H, H, (block) => transposed(block, H));
        return pullback(call, { ...parameters, weight_hh }, adjoints);
      },
  ),
  traceMutant(
    'the gradient of hn ignored',
    (pullback) =>
      (call, parameters, { output, state }) =>
        pullback(call, parameters, { output, state: zeroed(state, () => true) }),
  ),
  traceMutant(
    'the gradient of output ignored at the last step',
    (pullback, { sequence, dimensions: { H } }) =>
      (call, parameters, { output, state }) => {
        const from = output.length - sequence.batchSizes.at(-1)! * H;
        return pullback(call, parameters, { output: zeroed(output, (i) => i >= from), state });
      },
  ),
  traceMutant('reverse walked in the order of forward', (pullback, { sequence, turned }) =>
    sequence.reverse ? turned() : pullback,
  ),
  traceMutant(
    'lengths ignored: gradients of hn start at the common end',
    (pullback, { sequence, dimensions: { H } }) =>
      (call, parameters, { output, state }) => {
        const long = sequence.batchSizes.at(-1)! * H;
        return pullback(call, parameters, { output, state: zeroed(state, (i) => i >= long) });
      },
  ),
  traceMutant(
    'parameters loaded since',
    (pullback, { loaded }) =>
      (call, _, adjoints) =>
        pullback(call, loaded(), adjoints),
  ),
  traceMutant(
    'residuals of the latest call',
    (_, { latest }) =>
      (...of) =>
        latest()(...of),
  ),
  traceMutant('a second pullback adds to the first', (pullback) => {
    const sums = new Map<string, FloatArray>();
    return (...of) => {
      const found = pullback(...of);
      const added = Object.entries(found.parameters).map(([name, data]) => {
        const sum = data.map((value, i) => value + (sums.get(name)?.[i] ?? 0));
        sums.set(name, sum);
        return [name, sum] as const;
      });
      return { ...found, parameters: Object.fromEntries(added) };
    };
  }),
  traceMutant('the gradient of h0 lost', (pullback) => (...of) => {
    const found = pullback(...of);
    return { ...found, state: zeroed(found.state, () => true) };
  }),
];

const masks = new Map<number, FloatArray>();

/** Layers put together wrongly in the backward pass. */
const stackMutants: readonly Mutant[] = [
  backCallMutant('dropout not applied backwards', ({ split }) => ({
    split: (whole, count, rows) => split!(whole, count, rows, undefined),
  })),
  backCallMutant('dropout applied twice backwards', ({ split }) => ({
    split: (whole, count, rows, mask) =>
      split!(
        whole,
        count,
        rows,
        mask?.map((value) => value * value),
      ),
  })),
  backCallMutant('dropout backwards without the division by 1 − p', ({ split }) => ({
    split: (whole, count, rows, mask) =>
      split!(
        whole,
        count,
        rows,
        mask?.map((value) => (value === 0 ? 0 : 1)),
      ),
  })),
  backCallMutant('dropout of the latest call backwards', ({ join, split }) => ({
    join: (parts, rows, mask) => {
      if (mask) masks.set(mask.length, mask);
      return join(parts, rows, mask);
    },
    split: (whole, count, rows, mask) => split!(whole, count, rows, mask && masks.get(mask.length)),
  })),
  backCallMutant('directions split in the wrong order', ({ split }) => ({
    split: (...of) => split!(...of).reverse(),
  })),
  backCallMutant("the second direction's dx not added", () => ({ add: (left) => left })),
  moduleMutant(
    'h0 that was left out has no gradient',
    (gru) => {
      const vjp = gru.vjp.bind(gru);
      const changed = async (input: Tensor, h0?: Tensor) => {
        const { pullback, ...results } = await vjp(input, h0);
        const back = async (given: GRUCotangents): Promise<GRUGradients> => {
          const found = await pullback(given);
          return h0 ? found : { ...found, h0: { ...found.h0, data: zeroed(found.h0.data, () => true) } };
        };
        const dispose = (): void => pullback.dispose();
        return { ...results, pullback: Object.assign(back, { dispose, [Symbol.dispose]: dispose }) };
      };
      Object.assign(gru, { vjp: changed });
    },
    () => moduleOf((cell) => wrongBack({ cell })),
  ),
];

/** The right backward pass of the cell, used wrongly. */
export const pullbackMutants: readonly Mutant[] = [...traceMutants, ...stackMutants];
