import { scaled, sum, type TestCell, times } from './any-cell.ts';

const bias = (H: string) =>
  ({ bias_ih: { blocks: ['b'], shape: [H] }, bias_hh: { blocks: ['d'], shape: [H] } }) as const;

/** c' = c / 2 + W x + U h + b + d, h' = c' + h / 4: operands, names and shapes of an LSTM with one gate. */
export const lstm: TestCell = {
  signature: {
    name: 'lstm',
    inputs: [{ name: 'x', shape: ['I'] }],
    states: [
      { name: 'h', shape: ['H'] },
      { name: 'c', shape: ['H'] },
    ],
    outputs: [{ name: "h'", shape: ['H'], state: 'h' }],
    parameters: {
      weight_ih: { blocks: ['W'], shape: ['H', 'I'] },
      weight_hh: { blocks: ['U'], shape: ['H', 'H'] },
      ...bias('H'),
    },
  },
  step({ x, h, c, weight_ih: W, weight_hh: U, bias_ih: b, bias_hh: d }) {
    const next = sum(scaled(0.5, c!), times(W!, x!), times(U!, h!), b!, d!);
    return { c: next, h: sum(next, scaled(0.25, h!)) };
  },
};

/** The same with h' = R c'. */
export const lstmProjected: TestCell = {
  signature: {
    name: 'lstm_projected',
    inputs: [{ name: 'x', shape: ['I'] }],
    states: [
      { name: 'h', shape: ['P'] },
      { name: 'c', shape: ['H'] },
    ],
    outputs: [{ name: "h'", shape: ['P'], state: 'h' }],
    parameters: {
      weight_ih: { blocks: ['W'], shape: ['H', 'I'] },
      weight_hh: { blocks: ['U'], shape: ['H', 'P'] },
      ...bias('H'),
      weight_hr: { blocks: ['R'], shape: ['P', 'H'] },
    },
  },
  step({ x, h, c, weight_ih: W, weight_hh: U, bias_ih: b, bias_hh: d, weight_hr: R }) {
    const next = sum(scaled(0.5, c!), times(W!, x!), times(U!, h!), b!, d!);
    return { c: next, h: times(R!, next) };
  },
};

/** h' = W x + U h + b + d, times a factor that tells one cell from another. */
const linear = (name: string, factor: number): TestCell => ({
  signature: {
    name,
    inputs: [{ name: 'x', shape: ['I'] }],
    states: [{ name: 'h', shape: ['H'] }],
    outputs: [{ name: "h'", shape: ['H'], state: 'h' }],
    parameters: {
      weight_ih: { blocks: ['W'], shape: ['H', 'I'] },
      weight_hh: { blocks: ['U'], shape: ['H', 'H'] },
      ...bias('H'),
    },
  },
  step: ({ x, h, weight_ih: W, weight_hh: U, bias_ih: b, bias_hh: d }) => ({
    h: scaled(factor, sum(times(W!, x!), times(U!, h!), b!, d!)),
  }),
});

export const gru: TestCell = linear('gru', 0.5);
export const gruResetBefore: TestCell = linear('gru_reset_before', 0.25);
export const rnnTanh: TestCell = linear('rnn_tanh', 0.75);
export const rnnRelu: TestCell = linear('rnn_relu', -0.75);

/** Two inputs of which one is a number a row, two states likewise, and two outputs that are neither: y = C h', v = s' + k. */
export const several: TestCell = {
  signature: {
    name: 'several',
    inputs: [
      { name: 'x', shape: ['I'] },
      { name: 'dt', shape: [] },
    ],
    states: [
      { name: 'h', shape: ['H'] },
      { name: 's', shape: [] },
    ],
    outputs: [
      { name: 'y', shape: ['O'] },
      { name: 'v', shape: [] },
    ],
    parameters: {
      W: { blocks: ['W'], shape: ['H', 'I'] },
      C: { blocks: ['C'], shape: ['O', 'H'] },
      k: { blocks: ['k'], shape: [] },
    },
  },
  step({ x, dt, h, s, W, C, k }) {
    const next = sum(scaled(0.5, h!), scaled(dt![0]!, times(W!, x!)), [...h!].fill(s![0]!));
    return { h: next, s: [s![0]! / 2 + dt![0]!], y: times(C!, next), v: [s![0]! / 2 + dt![0]! + k![0]!] };
  },
};

/** Two outputs of which the layer above reads the first: h' = h / 2 + W x, y = C h', v = h'. */
export const twoOutputs: TestCell = {
  signature: {
    name: 'two_outputs',
    inputs: [{ name: 'x', shape: ['I'] }],
    states: [{ name: 'h', shape: ['H'] }],
    outputs: [
      { name: 'y', shape: ['O'] },
      { name: 'v', shape: ['H'] },
    ],
    parameters: { W: { blocks: ['W'], shape: ['H', 'I'] }, C: { blocks: ['C'], shape: ['O', 'H'] } },
  },
  step({ x, h, W, C }) {
    const next = sum(scaled(0.5, h!), times(W!, x!));
    return { h: next, y: times(C!, next), v: next };
  },
};

/** A network with sizes in numbers, whose states are those of the cells that it calls: g = W x + g / 2, y = F g + f. */
export const network: TestCell = {
  signature: {
    name: 'network',
    inputs: [{ name: 'x', shape: [2] }],
    states: [{ name: 'g1.h', shape: [3] }],
    outputs: [{ name: 'y', shape: [2] }],
    parameters: {
      'g1.weight': { blocks: ['g1.W'], shape: [3, 2], recurrent: true },
      'fc.weight': { blocks: ['F'], shape: [2, 3], recurrent: false },
      'fc.bias': { blocks: ['f'], shape: [2], recurrent: false },
    },
  },
  step(given) {
    const next = sum(scaled(0.5, given['g1.h']!), times(given['g1.weight']!, given['x']!));
    return { 'g1.h': next, y: sum(times(given['fc.weight']!, next), given['fc.bias']!) };
  },
};

/** No state at all: y = W x. */
export const stateless: TestCell = {
  signature: {
    name: 'stateless',
    inputs: [{ name: 'x', shape: ['I'] }],
    states: [],
    outputs: [{ name: 'y', shape: ['O'] }],
    parameters: { W: { blocks: ['W'], shape: ['O', 'I'] } },
  },
  step: ({ x, W }) => ({ y: times(W!, x!) }),
};

/** An input as wide as the state: h' = (h + x) a. */
export const elementwise: TestCell = {
  signature: {
    name: 'elementwise',
    inputs: [{ name: 'x', shape: ['H'] }],
    states: [{ name: 'h', shape: ['H'] }],
    outputs: [{ name: "h'", shape: ['H'], state: 'h' }],
    parameters: { decay: { blocks: ['a'], shape: ['H'] } },
  },
  step: ({ x, h, decay }) => ({ h: sum(h!, x!).map((value, i) => value * decay![i]!) }),
};
