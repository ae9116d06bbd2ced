// jax-js, which has no recurrent layers: they are composed of its operations, as its documentation composes networks.
//
// - jax.numpy.matmul, split, tanh, where, concatenate, stack, and jax.nn.sigmoid, relu; gradients by jax.vjp; `ref` for one
//   more owner of an array: https://jax-js.com/docs/, https://github.com/ekzhang/jax-js#readme
//
// The equations, layers and directions are therefore the adapter's, and what is judged is the operations and `vjp`. Steps
// beyond a sequence's end keep the state that there is, by `where`.
import { importPeer } from '../folder.ts';
import { type Jax, type JaxArray, type Side, steps } from './jax-cells.ts';
import {
  type Batch,
  type BatchGradients,
  type BatchResult,
  directionsOf,
  EMPTY_BATCH,
  joined,
  type LayersWanted,
  NotOffered,
  type PeerAdapter,
  type PeerModel,
  part,
} from './peer-adapter.ts';

export const jax: PeerAdapter = {
  name: 'jax-js',
  packageName: '@jax-js/jax',
  reading: 'layers composed of its operations, in WebAssembly, as it has none',
  documentation: ['https://jax-js.com/docs/', 'https://github.com/ekzhang/jax-js#readme'],
  withoutFloat64: 'it makes such arrays only where the engine has Float16Array, which Node 20 and 22 have not',
  async open(wanted) {
    const opened = await importPeer<Jax>('@jax-js/jax');
    await opened.init('wasm');
    opened.defaultDevice('wasm');
    return modelOf(opened, wanted);
  },
};

/** Operands of a call, one after the other: the input, the states of each direction of each layer, the weights. */
interface Operands {
  readonly input: JaxArray;
  readonly states: readonly (readonly JaxArray[])[];
  readonly sides: readonly (readonly Side[])[];
}

function modelOf(jax: Jax, wanted: LayersWanted): PeerModel {
  const { numpy: np } = jax;
  const { cell, inputSize, weights } = wanted;
  const names = weights.map((sides) => sides.map((side) => Object.keys(side)));
  const count = weights.flat().length;
  const array = (data: Float32Array, shape: readonly number[]) => np.array(data).reshape(shape);

  const operandsOf = (batch: Batch): JaxArray[] => {
    if (batch.batch === 0) throw new NotOffered(EMPTY_BATCH);
    return [
      array(batch.input as Float32Array, [batch.steps, batch.batch, inputSize]),
      ...initialOf(wanted, batch).flatMap((states) =>
        states.map((state) => array(state, [batch.batch, state.length / batch.batch])),
      ),
      ...weights.flatMap((sides) =>
        sides.flatMap((side) => Object.values(side).map(({ data, shape }) => array(data as Float32Array, shape))),
      ),
    ];
  };
  const namedOf = ([input, ...rest]: readonly JaxArray[]): Operands => {
    const states = Array.from({ length: count }, () => rest.splice(0, cell.states.length));
    const sides = names.map((layer) =>
      layer.map((own) => Object.fromEntries(own.map((name) => [name, rest.shift()!]))),
    );
    return { input: input!, states, sides };
  };
  /** The output and all last states, one after the other. */
  const whole =
    (batch: Batch) =>
    (...operands: JaxArray[]): JaxArray => {
      const { output, last } = stackOf(jax, wanted, batch, namedOf(operands));
      return np.concatenate(
        [output, ...last.flat()].map((each) => each.reshape([-1])),
        0,
      );
    };
  const resultOf = (flat: Float32Array, batch: Batch): BatchResult => {
    const lengths = initialOf(wanted, batch).map((states) => states.map(({ length }) => length));
    let at = flat.length - lengths.flat().reduce((sum, length) => sum + length, 0);
    const output = flat.slice(0, at);
    const take = (length: number): Float32Array => {
      at += length;
      return flat.slice(at - length, at);
    };
    const last = lengths.map((each) => each.map(take));
    return {
      output,
      last: cell.states.map((_, state) => joined(last.map((states) => states[state]!))),
    };
  };
  return {
    forward: async (batch) => resultOf(whole(batch)(...operandsOf(batch)).dataSync(), batch),
    async gradients(batch, { output, last }): Promise<BatchGradients> {
      const [value, back] = jax.vjp(whole(batch), operandsOf(batch));
      value.dispose();
      const fed = Array.from({ length: count }, (_, index) => last.map((state) => part(state, index, count)));
      const found = back(np.array(joined([output, ...fed.flat()]) as Float32Array));
      back.dispose();
      const arrays = namedOf(found);
      const states = arrays.states.map((each) => each.map((state) => state.dataSync()));
      return {
        input: arrays.input.dataSync(),
        initial: cell.states.map((_, state) => joined(states.map((each) => each[state]!))),
        weights: arrays.sides.map((sides) =>
          sides.map((side) => Object.fromEntries(Object.entries(side).map(([name, each]) => [name, each.dataSync()]))),
        ),
      };
    },
    dispose: () => {},
  };
}

/** The initial states of each direction of each layer; zeros where none are given. */
function initialOf({ cell, hiddenSize, weights }: LayersWanted, { batch, initial }: Batch): Float32Array[][] {
  const count = weights.flat().length;
  const projected = weights[0]![0]!['weight_hr']?.shape[0];
  return Array.from({ length: count }, (_, index) =>
    cell.states.map(({ shape: [length] }, state) => {
      const zeros = new Float32Array(batch * (length === 'P' ? projected! : hiddenSize));
      return initial ? (part(initial[state]!, index, count) as Float32Array) : zeros;
    }),
  );
}

/** Layer after layer: the output [T, B, D·H], and the last states. All operands are consumed. */
function stackOf(jax: Jax, wanted: LayersWanted, batch: Batch, { input, states, sides }: Operands) {
  const { numpy: np } = jax;
  const D = directionsOf(wanted);
  const last: (readonly JaxArray[])[] = [];
  let below = input;
  for (const [layer, directions] of sides.entries()) {
    const outputs = directions.map((side, direction) => {
      const done = sequenceOf(jax, wanted, batch, below.ref, states[layer * D + direction]!, side, direction === 1);
      last.push(done.states);
      return done.output;
    });
    below.dispose();
    below = outputs.length === 1 ? outputs[0]! : np.concatenate(outputs, 2);
  }
  return { output: below, last };
}

/** One direction of one layer, step by step. */
function sequenceOf(
  jax: Jax,
  { cell }: LayersWanted,
  { steps: T, batch, lengths }: Batch,
  input: JaxArray,
  initial: readonly JaxArray[],
  side: Side,
  backwards: boolean,
) {
  const { numpy: np } = jax;
  const step = steps[cell.name]!;
  const outputs: JaxArray[] = new Array(T);
  let states = initial;
  for (let index = 0; index < T; index++) {
    const t = backwards ? T - 1 - index : index;
    const x = input.ref.slice(t);
    if (!lengths) states = step(jax, x, states, side);
    else {
      const before = states.map(({ ref }) => ref);
      const is = np.greater(
        np.array(Float32Array.from(lengths, (length) => (t < length ? 1 : 0))).reshape([batch, 1]),
        0,
      );
      states = step(jax, x, states, side).map((next, s) => np.where(is.ref, next, before[s]!));
      is.dispose();
    }
    outputs[t] = states[0]!.ref;
  }
  for (const array of [input, ...Object.values(side)]) array.dispose();
  return { output: np.stack(outputs, 0), states };
}
