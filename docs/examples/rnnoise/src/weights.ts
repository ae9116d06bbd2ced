import { type Tensor, tensor } from '@congruent/runtime';
import { memoryImage } from './memory-image.ts';
import { type Affine, dequantized, floats } from './quantized.ts';
import { type Table, tablesIn } from './tables.ts';

/** Units of each GRU, and of the second convolution. */
const UNITS = 384;
const GATES = 3;

/** The state dict of the network, from the package's WebAssembly module. */
export function readWeights(module: Uint8Array): Record<string, Tensor> {
  const tables = tablesIn(memoryImage(module), 'conv1_bias');
  const conv2 = dequantized(tables, 'conv2', UNITS, 3 * 128);
  return {
    ...affine('conv1', '_l0', floatLayer(tables, 'conv1', 128, 3 * 65)),
    ...affine('conv2', '_l0', conv2),
    ...gru(tables, 'gru1'),
    ...gru(tables, 'gru2'),
    ...gru(tables, 'gru3'),
    ...affine('dense_out', '', head(tables, 'dense_out', 32)),
    ...affine('vad_dense', '', head(tables, 'vad_dense', 1)),
  };
}

/** @param suffix  `_l0` of a part that has states, as all names of layers have */
const affine = (name: string, suffix: '' | '_l0', { weight, bias }: Affine): Record<string, Tensor> => ({
  [`${name}.weight${suffix}`]: matrix(weight, bias.length),
  [`${name}.bias${suffix}`]: tensor(bias),
});

/** A GRU by torch's names, with its gates in torch's order. */
function gru(tables: ReadonlyMap<string, Table>, name: string): Record<string, Tensor> {
  const rows = GATES * UNITS;
  const input = dequantized(tables, `${name}_input`, rows, UNITS);
  const recurrent = dequantized(tables, `${name}_recurrent`, rows, UNITS);
  // The diagonal of each gate's matrix is not among its integers.
  floats(tables, `${name}_recurrent_weights_diag`, rows).forEach((value, row) => {
    recurrent.weight[row * UNITS + (row % UNITS)]! += value;
  });
  return {
    [`${name}.weight_ih_l0`]: matrix(inTorchsOrder(input.weight), rows),
    [`${name}.weight_hh_l0`]: matrix(inTorchsOrder(recurrent.weight), rows),
    [`${name}.bias_ih_l0`]: tensor(inTorchsOrder(input.bias)),
    [`${name}.bias_hh_l0`]: tensor(inTorchsOrder(recurrent.bias)),
  };
}

const matrix = (data: Float64Array, rows: number): Tensor => tensor(data, [rows, data.length / rows]);

/** The gates z, r, h as r, z, n. */
function inTorchsOrder(gates: Float64Array): Float64Array {
  const one = gates.length / GATES;
  const result = gates.slice();
  result.copyWithin(0, one, 2 * one);
  result.set(gates.subarray(0, one), one);
  return result;
}

/**
 * A layer over [c2; gru1; gru2; gru3]. That of the smaller network is over gru3 alone: its other weights are 0.
 *
 * @throws CongruentError MODEL_FORMAT
 */
function head(tables: ReadonlyMap<string, Table>, name: string, outputs: number): Affine {
  const all = 4 * UNITS;
  const isSmall = tables.get(`${name}_weights_float`)?.values.length === outputs * UNITS;
  const { weight, bias } = floatLayer(tables, name, outputs, isSmall ? UNITS : all);
  if (!isSmall) return { weight, bias };
  const padded = new Float64Array(outputs * all);
  for (let row = 0; row < outputs; row++) {
    padded.set(weight.subarray(row * UNITS, (row + 1) * UNITS), (row + 1) * all - UNITS);
  }
  return { weight: padded, bias };
}

/** A layer whose weights are float32, stored with a row for each input. */
function floatLayer(tables: ReadonlyMap<string, Table>, name: string, outputs: number, inputs: number): Affine {
  const stored = floats(tables, `${name}_weights_float`, inputs * outputs);
  const weight = Float64Array.from(stored, (_, at) => stored[(at % inputs) * outputs + Math.floor(at / inputs)]!);
  return { weight, bias: floats(tables, `${name}_bias`, outputs) };
}
