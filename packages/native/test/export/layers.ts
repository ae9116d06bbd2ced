import { compile } from '@congruent/codegen';
import { GRU, LSTM, RNN, type Tensor } from '@congruent/scalar';
import {
  type Cell,
  cell,
  gru,
  gruResetBefore,
  lstm,
  lstmProjected,
  rnnRelu,
  rnnTanh,
  withLengths,
} from '@congruent/spec';
import { type Case, caseOf } from './cases.ts';

/** What a class of layers has for this. */
interface Layer {
  stateDict(): Record<string, Tensor>;
  stream(): { step(x: Float32Array): ArrayLike<number>; dispose(): void };
}

const [inputSize, hiddenSize, numLayers, projSize] = [3, 9, 2, 5];
const sizes = { inputSize, hiddenSize, numLayers };

/** Layers of torch's classes in pairs, and the cell of which they are. */
const LAYERS: Readonly<Record<string, readonly [Layer, Cell]>> = {
  two_grus: [await GRU.create(sizes), gru],
  two_grus_reset_before: [await GRU.create({ ...sizes, resetAfter: false }), gruResetBefore],
  two_lstms: [await LSTM.create(sizes), lstm],
  two_projected: [await LSTM.create({ ...sizes, projSize }), lstmProjected],
  two_rnns: [await RNN.create(sizes), rnnTanh],
  two_relus: [await RNN.create({ ...sizes, nonlinearity: 'relu' }), rnnRelu],
};

/** Layers one above the other as a network, with what their streams give step by step. */
export const layerCases: readonly Case[] = Object.entries(LAYERS).map(([name, [layer, of]]) => {
  const width = of === lstmProjected ? projSize : hiddenSize;
  const [first, second] = [inputSize, width].map((I) => withLengths(of, { I, H: hiddenSize, P: projSize }));
  const network = cell`
    layers(x[${inputSize}]) -> l1

    l0 = ${first!}(x)
    l1 = ${second!}(l0)
  `;
  const program = compile(network);
  const dict = layer.stateDict();
  const tensors = program.cell.tensors.map((tensor) => {
    const [, at, own] = /^l(\d)\.(.*)$/.exec(tensor.name)!;
    return [tensor.name, Float32Array.from(dict[`${own}_l${at}`]!.data)] as const;
  });
  const known = caseOf({ name, program, tensors: new Map(tensors), header: [] });
  const stream = layer.stream();
  const outputs: number[] = [];
  for (let at = 0; at < known.inputs.length; at += inputSize) {
    outputs.push(...Array.from(stream.step(known.inputs.slice(at, at + inputSize))));
  }
  return { ...known, outputs };
});
