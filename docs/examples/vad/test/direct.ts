import type { StoredTensor } from '@congruent/runtime';
import { numbers } from '../../../../tools/testing/numbers.ts';

/** Constants of the 16 kHz branch by their names' endings, with their shapes. */
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  'stft.forward_basis_buffer': [258, 1, 256],
  'encoder.0.reparam_conv.weight': [128, 129, 3],
  'encoder.0.reparam_conv.bias': [128],
  'encoder.1.reparam_conv.weight': [64, 128, 3],
  'encoder.1.reparam_conv.bias': [64],
  'encoder.2.reparam_conv.weight': [64, 64, 3],
  'encoder.2.reparam_conv.bias': [64],
  'encoder.3.reparam_conv.weight': [128, 64, 3],
  'encoder.3.reparam_conv.bias': [128],
  'decoder.rnn.weight_ih': [512, 128],
  'decoder.rnn.weight_hh': [512, 128],
  'decoder.rnn.bias_ih': [512],
  'decoder.rnn.bias_hh': [512],
  'decoder.decoder.2.weight': [1, 128, 1],
  'decoder.decoder.2.bias': [1],
};

/** A model of made-up constants, with a branch for 8 kHz before. */
export function madeUpTensors(): Record<string, StoredTensor> {
  const made = Object.entries(SHAPES).map(([name, shape], at): [string, StoredTensor] => {
    const fanIn = shape.slice(1).reduce((size, length) => size * length, 1);
    const size = shape[0]! * fanIn;
    const data = numbers('float32', size, at + 1).map((value) => (4 * value) / Math.sqrt(fanIn + 10));
    return [`then__${name}`, { data, shape, dtype: 'float32' }];
  });
  const low: StoredTensor = { data: new Float32Array(130 * 128), shape: [130, 1, 128], dtype: 'float32' };
  return { 'else__stft.forward_basis_buffer': low, ...Object.fromEntries(made) };
}

/** Rows of numbers: positions of channels. */
type Rows = readonly (readonly number[])[];

/**
 * The graph as it stands in the model's file, written down operation by operation in float64: what the cells must give.
 *
 * @param context  samples of the chunk before that stand before each; 0 or 64
 * @returns what gives the probability for one chunk after the other
 */
export function directNetwork(
  tensors: Readonly<Record<string, StoredTensor>>,
  context: number,
): (chunk: Float32Array) => number {
  const constant = (name: string): Float32Array => tensors[`then__${name}`]!.data as Float32Array;
  let before: readonly number[] = new Array(context).fill(0);
  let [h, c]: number[][] = [new Array(128).fill(0), new Array(128).fill(0)];
  return (chunk) => {
    const samples = [...before, ...chunk];
    before = context > 0 ? samples.slice(-context) : [];
    const mirrored = Array.from({ length: 64 }, (_, at) => samples.at(-2 - at)!);
    const frames = convolved(
      [...samples, ...mirrored].map((sample) => [sample]),
      constant('stft.forward_basis_buffer'),
      256,
      128,
    );
    let rows: Rows = frames.map((frame) => frame.slice(0, 129).map((re, at) => Math.hypot(re, frame[129 + at]!)));
    for (const [layer, stride] of [1, 2, 2, 1].entries()) {
      const zeros = rows[0]!.map(() => 0);
      const name = `encoder.${layer}.reparam_conv`;
      const bias = constant(`${name}.bias`);
      rows = convolved([zeros, ...rows, zeros], constant(`${name}.weight`), 3, stride).map((row) =>
        row.map((value, at) => Math.max(0, value + bias[at]!)),
      );
    }
    const gates = [
      matrix(constant('decoder.rnn.weight_ih'), rows[0]!),
      matrix(constant('decoder.rnn.weight_hh'), h!),
      [...constant('decoder.rnn.bias_ih')],
      [...constant('decoder.rnn.bias_hh')],
    ].reduce((left, right) => left.map((value, at) => value + right[at]!));
    const gate = (index: number, at: number): number => gates[128 * index + at]!;
    c = c!.map((value, at) => sigmoid(gate(1, at)) * value + sigmoid(gate(0, at)) * Math.tanh(gate(2, at)));
    h = c.map((value, at) => sigmoid(gate(3, at)) * Math.tanh(value));
    const [logit] = matrix(
      constant('decoder.decoder.2.weight'),
      h.map((value) => Math.max(0, value)),
    );
    return sigmoid(logit! + constant('decoder.decoder.2.bias')[0]!);
  };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const matrix = (weight: Float32Array, x: readonly number[]): number[] =>
  Array.from({ length: weight.length / x.length }, (_, row) =>
    x.reduce((sum, value, column) => sum + weight[row * x.length + column]! * value, 0),
  );

/** A convolution over rows without padding; kernel [outputs, inputs, width]. */
function convolved(rows: Rows, kernel: Float32Array, width: number, stride: number): number[][] {
  const positions = Math.floor((rows.length - width) / stride) + 1;
  return Array.from({ length: positions }, (_, position) => {
    const window = rows.slice(position * stride, position * stride + width);
    // The kernel's rows run over channels, then over positions.
    return matrix(
      kernel,
      window[0]!.flatMap((_, channel) => window.map((row) => row[channel]!)),
    );
  });
}
