// jax-js, which has no recurrent layers: they are composed of its operations, as its documentation composes networks.
//
// - jax.numpy.matmul, split, tanh, where, concatenate, stack, and jax.nn.sigmoid, relu; gradients by jax.vjp, compiled by
//   jax.jit; `ref` for one more owner of an array: https://jax-js.com/docs/, https://github.com/ekzhang/jax-js#readme
//
// The equations, layers and directions are therefore the adapter's, and what is judged is the operations and `vjp`. Steps
// beyond a sequence's end keep the state that there is, by `where`.
import type { FloatArray } from '@congruent/runtime';
import { importPeer } from '../folder.ts';
import type { JaxArray } from '../peers/jax-step.ts';
import type { Jax } from './jax-cells.ts';
import { type Lengths, type Operands, stackOf } from './jax-stack.ts';
import {
  type Batch,
  type BatchGradients,
  type BatchResult,
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
  withoutFloat64: 'arrays of it are made only where the engine has Float16Array, which Node 20 and 22 do not have',
  async open(wanted) {
    const opened = await importPeer<Jax>('@jax-js/jax');
    await opened.init('wasm');
    opened.defaultDevice('wasm');
    return modelOf(opened, wanted);
  },
};

function modelOf(jax: Jax, wanted: LayersWanted): PeerModel {
  return {
    async forward(batch) {
      const flat = whole(jax, wanted, batch)(...operandsOf(jax, wanted, batch));
      return resultOf(wanted, batch, flat.dataSync());
    },
    async gradients(batch, { output, last }) {
      const operands = operandsOf(jax, wanted, batch);
      const count = wanted.weights.flat().length;
      const fed = Array.from({ length: count }, (_, index) => last.map((state) => part(state, index, count)));
      const cotangent = jax.numpy.array(joined([output, ...fed.flat()]) as Float32Array);
      return gradientsIn(wanted, named(wanted, backOf(jax, wanted, batch)(cotangent, ...operands)));
    },
    dispose: () => {},
  };
}

/** The output and all last states, one after the other, as a function of the operands. */
const whole =
  (jax: Jax, wanted: LayersWanted, batch: Lengths) =>
  (...operands: JaxArray[]): JaxArray => {
    const { output, last } = stackOf(jax, wanted, batch, named(wanted, operands));
    const flat = [output, ...last.flat()].map((each) => each.reshape([-1]));
    return jax.numpy.concatenate(flat, 0);
  };

/** The gradients of the operands, given the cotangent of the results. */
type Back = ReturnType<typeof compile>;

/** The last that was compiled, as a check mostly asks for the same again: what `vjp` traces is kept by jax-js for good. */
let compiled: { readonly key: string; readonly back: Back } | undefined;

function backOf(jax: Jax, wanted: LayersWanted, { steps, batch, lengths }: Batch): Back {
  const { cell, weights } = wanted;
  const shapes = weights.map((layer) => layer.map((side) => Object.values(side).map(({ shape }) => shape)));
  const key = JSON.stringify([cell.name, shapes, steps, batch, lengths]);
  if (compiled?.key === key) return compiled.back;
  compiled?.back.dispose();
  const back = compile(jax, wanted, { steps, batch, lengths });
  compiled = { key, back };
  return back;
}

const compile = (jax: Jax, wanted: LayersWanted, lengths: Lengths) =>
  jax.jit((cotangent: JaxArray, ...operands: JaxArray[]): JaxArray[] => {
    const [value, back] = jax.vjp(whole(jax, wanted, lengths), operands);
    value.dispose();
    return back(cotangent);
  });

/** The input, the states, the weights, one after the other. */
function operandsOf({ numpy: np }: Jax, wanted: LayersWanted, given: Batch): JaxArray[] {
  const { inputSize, weights } = wanted;
  const { steps, batch, input } = given;
  if (batch === 0) throw new NotOffered(EMPTY_BATCH);
  const array = (data: FloatArray, shape: readonly number[]) => np.array(data as Float32Array).reshape(shape);
  const states = initialOf(wanted, given).flat();
  const parameters = weights.flat().flatMap((side) => Object.values(side));
  return [
    array(input, [steps, batch, inputSize]),
    ...states.map((state) => array(state, [batch, state.length / batch])),
    ...parameters.map(({ data, shape }) => array(data, shape)),
  ];
}

/** The same with their names; or their gradients. */
function named({ cell, weights }: LayersWanted, [input, ...rest]: readonly JaxArray[]): Operands {
  const states = weights.flat().map(() => rest.splice(0, cell.states.length));
  const sides = weights.map((layer) =>
    layer.map((side) => Object.fromEntries(Object.keys(side).map((name) => [name, rest.shift()!]))),
  );
  return { input: input!, states, sides };
}

/** The output and the last states, from all of them one after the other. */
function resultOf(wanted: LayersWanted, batch: Batch, flat: Float32Array): BatchResult {
  const lengths = initialOf(wanted, batch).map((states) => states.map(({ length }) => length));
  let at = flat.length - lengths.flat().reduce((sum, length) => sum + length, 0);
  const output = flat.slice(0, at);
  const take = (length: number): Float32Array => {
    at += length;
    return flat.slice(at - length, at);
  };
  return {
    output,
    last: byState(
      wanted,
      lengths.map((each) => each.map(take)),
    ),
  };
}

function gradientsIn(wanted: LayersWanted, { input, states, sides }: Operands): BatchGradients {
  const initial = states.map((each) => each.map((state) => state.dataSync()));
  return {
    input: input.dataSync(),
    initial: byState(wanted, initial),
    weights: sides.map((layer) =>
      layer.map((side) => Object.fromEntries(Object.entries(side).map(([name, each]) => [name, each.dataSync()]))),
    ),
  };
}

/** States of each direction of each layer as [L·D, B, H] each, in the cell's order. */
const byState = ({ cell }: LayersWanted, states: readonly (readonly Float32Array[])[]): FloatArray[] =>
  cell.states.map((_, index) => joined(states.map((each) => each[index]!)));

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
