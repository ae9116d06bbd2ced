import { type Arithmetic, type Interpreter, interpreter } from '@congruent/codegen';
import { quickArithmetic } from '../oracle/quick-arithmetic.ts';
import { backwardMutant, partMutant } from './gradient-mutation.ts';
import { arithmeticMutant, type Mutant, runMutant } from './mutation.ts';

type Gradients = ReturnType<Interpreter<number>['gradients']>;

/** Sums of products of fewer terms. */
const shortened = (arithmetic: Arithmetic<number>, length: (all: number) => number): Arithmetic<number> => ({
  ...arithmetic,
  dot: (row, vector) => arithmetic.dot(row.slice(0, length(row.length)), vector.slice(0, length(row.length))),
});

const float32 = (length: (all: number) => number) => ({
  arithmetic: { float32: shortened(quickArithmetic.float32, length) },
});

const backward = (name: string, length: (all: number) => number): Mutant =>
  backwardMutant(name, (program, arithmetic, parameters) => ({
    ...interpreter(program, arithmetic, parameters),
    backward: interpreter(program, shortened(arithmetic, length), parameters).backward,
  }));

/** The gradients of matrices with zeros from column `from` on. */
const cut = (gradients: Gradients, from: number): Gradients =>
  Object.fromEntries(
    Object.entries(gradients).map(([name, value]) => {
      const rows = value as readonly (number | readonly number[])[];
      return [name, rows.map((row) => (typeof row === 'number' ? row : row.map((x, k) => (k < from ? x : 0))))];
    }),
  ) as Gradients;

const columnMutants: readonly Mutant[] = [
  arithmeticMutant(
    'products without the columns after the second block',
    float32((all) => Math.min(all, 128)),
  ),
  arithmeticMutant(
    'products without the one column after the third or a later block',
    float32((all) => (all > 128 && all % 64 === 1 ? all - 1 : all)),
  ),
  runMutant('states after the second block of 64 are 0', (run, H) => (call, sequence) => {
    const { output, state } = run(call, sequence);
    return { output: output.map((value, i) => (i % H < 128 ? value : 0)), state };
  }),
  backward('backwards: transposed products without the rows after the eighth block', (all) => Math.min(all, 512)),
  partMutant('gradients of matrices without the columns after the second block', ({ gradients }) => ({
    gradients: (rows) => cut(gradients(rows), 128),
  })),
];

const rowMutants: readonly Mutant[] = [
  runMutant('rows of a step after the first 16 are 0', (run, H) => (call, sequence) => {
    const { output, state } = run(call, sequence);
    return { output, state: state.map((value, i) => (i < 16 * H ? value : 0)) };
  }),
];

/** Wrong at sizes alone that a few blocks hold. */
export const sizeMutants: readonly Mutant[] = [
  ...columnMutants.map((mutant) => ({ ...mutant, batch: 4 })),
  ...rowMutants.map((mutant) => ({ ...mutant, batch: 17 })),
];
