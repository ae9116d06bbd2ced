import type { FloatArray } from '@congruent/runtime';
import { cellMutant, changeBlocks, loadMutant, type Mutant } from './mutation.ts';

/** Wrong equations and wrong layouts. */
export const cellMutants: readonly Mutant[] = [
  cellMutant('z and 1 − z swapped', ['(1 - z) * n + z * h', 'z * n + (1 - z) * h']),
  cellMutant('reset before the product', ['r * (W_hn @ h + b_hn)', '(W_hn @ (r * h) + b_hn)']),
  cellMutant('b_hn outside the reset', ['r * (W_hn @ h + b_hn)', 'r * (W_hn @ h) + b_hn']),
  cellMutant('b_in and b_hn swapped', ['W_in @ x + b_in', 'W_in @ x + b_hn'], ['W_hn @ h + b_hn)', 'W_hn @ h + b_in)']),
  cellMutant('b_in inside the reset', ['+ b_in + r * (', '+ r * (b_in + ']),
  cellMutant('tanh is sigmoid', ['tanh(', 'sigmoid(']),
  cellMutant('sigmoid of the update gate is tanh', ['z  = sigmoid(', 'z  = tanh(']),
  cellMutant(
    'r and z swapped in the equations',
    ['+ r * (W_hn', '+ z * (W_hn'],
    ['(1 - z) * n + z * h', '(1 - r) * n + r * h'],
  ),
  cellMutant('update gate twice', ['z * h  ', 'z * z * h  ']),
  cellMutant('h not kept', ['+ z * h  ', '+ 0 * z * h  ']),
  cellMutant(
    'gates z, r, n in all tensors',
    ['[W_ir; W_iz; W_in]', '[W_iz; W_ir; W_in]'],
    ['[W_hr; W_hz; W_hn]', '[W_hz; W_hr; W_hn]'],
    ['[b_ir; b_iz; b_in]', '[b_iz; b_ir; b_in]'],
    ['[b_hr; b_hz; b_hn]', '[b_hz; b_hr; b_hn]'],
  ),
  cellMutant('gates z, r, n in weight_hh', ['[W_hr; W_hz; W_hn]', '[W_hz; W_hr; W_hn]']),
  cellMutant('gates r, n, z in weight_ih', ['[W_ir; W_iz; W_in]', '[W_ir; W_in; W_iz]']),
  cellMutant('gates z, r, n in bias_ih', ['[b_ir; b_iz; b_in]', '[b_iz; b_ir; b_in]']),
  cellMutant('gates r, n, z in bias_hh', ['[b_hr; b_hz; b_hn]', '[b_hr; b_hn; b_hz]']),
];

const lastColumn = (tensor: FloatArray, rows: number, columns: number): FloatArray =>
  tensor.map((value, i) => (i % columns === columns - 1 ? 0 : value)).subarray(0, 3 * rows * columns);

export const transposed = (block: FloatArray, size: number): FloatArray =>
  block.map((_, i) => block[(i % size) * size + Math.floor(i / size)]!);

/** Parameters loaded wrongly. */
export const loadMutants: readonly Mutant[] = [
  loadMutant('recurrent matrices transposed', ({ weight_hh, ...rest }, { H }) => ({
    ...rest,
    weight_hh: changeBlocks(weight_hh!, H, H, (block) => transposed(block, H)),
  })),
  loadMutant('last column of W_ih dropped', (parameters, { I, H }) => ({
    ...parameters,
    weight_ih: lastColumn(parameters['weight_ih']!, H, I),
  })),
  loadMutant('last column of W_hh dropped', (parameters, { H }) => ({
    ...parameters,
    weight_hh: lastColumn(parameters['weight_hh']!, H, H),
  })),
  loadMutant('bias_hh ignored', (parameters) => ({ ...parameters, bias_hh: parameters['bias_hh']!.map(() => 0) })),
  loadMutant('bias_ih ignored', (parameters) => ({ ...parameters, bias_ih: parameters['bias_ih']!.map(() => 0) })),
  loadMutant('NaN in parameters becomes 0', (parameters) =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, data]) => [name, data.map((value) => (Number.isNaN(value) ? 0 : value))]),
    ),
  ),
];
