import {
  type AdjointStage,
  type Arithmetic,
  adjointInterpreter,
  binary,
  constant,
  type Expression,
  float32,
  reference,
  type SumStage,
} from '@congruent/codegen';
import { half } from './mutants-arithmetic.ts';
import type { Mutant } from './mutation.ts';
import { backwardMutant, partMutant, scheduleMutant, stepMutant, sumMutant } from './mutation-gradient.ts';
import type { ReferenceOptions } from './reference.ts';

const v = (name: string): ReturnType<typeof reference> => reference(name, ['H']);
const times = (left: Expression, right: Expression): Expression => binary('*', left, right);
const nextState = binary('+', times(binary('-', constant(1), v('z')), v('n')), times(v('z'), v('h')));

/** A step backwards with a term missing, a wrong slope or a wrong kept value. */
const stepMutants: readonly Mutant[] = [
  stepMutant('backwards: dh without g·z', 'dh', 'g_h * z + p_h', v('p_h')),
  stepMutant('backwards: dh without the recurrent product', 'dh', 'g_h * z + p_h', times(v('g_h'), v('z'))),
  stepMutant('backwards: output ignored', 'g_h', "dh' + dy", v("dh'")),
  stepMutant('backwards: dz with h for h − n', 'dz', 'h - n', v('h')),
  stepMutant('backwards: dn with z for 1 − z', 'dn', '1 - z', v('z')),
  stepMutant('backwards: slope of tanh with n for n²', 'da_n', 'n * n', v('n')),
  stepMutant('backwards: slope of sigmoid without 1 − z', 'da_z', 'z * (1 - z)', v('z')),
  stepMutant('backwards: z kept for r', 'dh_n', 'r', v('z')),
  stepMutant('backwards: h_n kept for h_n + b_hn', 'dr', 'u_n', binary('-', v('u_n'), v('b_hn'))),
  stepMutant("backwards: h' kept for h", 'dz', 'h', nextState),
];

/** A transposed product of another vector. */
const productMutant = (name: string, product: string, from: string, to: string): Mutant =>
  scheduleMutant(name, (schedule) => {
    const change = (stage: AdjointStage): AdjointStage =>
      stage.kind === 'transposed' && stage.name === product
        ? { ...stage, vectors: stage.vectors.map((vector) => (vector.name === from ? v(to) : vector)) }
        : stage;
    return { ...schedule, step: schedule.step.map(change), after: schedule.after.map(change) };
  });

const block = (sum: SumStage, name: string, adjoint: string): SumStage => ({
  ...sum,
  blocks: sum.blocks.map((each) => (each.name === name ? { name, adjoint: v(adjoint) } : each)),
});

const unitsOf = (name: string): Expression =>
  binary('+', { kind: 'total', operand: v(name), shape: [] }, times(constant(0), v(name)));

/** Products and sums over rows of the wrong things. */
const productMutants: readonly Mutant[] = [
  productMutant('backwards: dh with da_n for dh_n', 'p_h', 'dh_n', 'da_n'),
  productMutant('backwards: dx with dh_n for da_n', 'dx', 'da_n', 'dh_n'),
  sumMutant('the gradient of b_hn is that of b_in', (sum) => block(sum, 'db_hn', 'da_n')),
  sumMutant('the gradient of W_hn without the reset gate', (sum) => block(sum, 'dW_hn', 'da_n')),
  sumMutant('biases summed over the units', (sum) => block(sum, 'db_z', 't_z'), [
    { name: 't_z', value: unitsOf('da_z') },
  ]),
  sumMutant(
    "the gradient of W_hh with h' for h",
    (sum) => (sum.operand?.name === 'h' ? { ...sum, operand: v('h_after') } : sum),
    [{ name: 'h_after', value: nextState }],
  ),
  partMutant('the first row alone summed', ({ gradients }) => ({ gradients: (rows) => gradients(rows.slice(0, 1)) })),
  partMutant('the last row not summed', ({ gradients }) => ({
    gradients: (rows) => gradients(rows.slice(0, Math.max(1, rows.length - 1))),
  })),
];

/** One running sum. */
const unblocked = (arithmetic: Arithmetic<number>): Arithmetic<number> => ({
  ...arithmetic,
  dot: (row, vector) =>
    row.reduce((sum, weight, k) => arithmetic.binary('+', sum, arithmetic.binary('*', weight, vector[k]!)), 0),
});

const halved = (arithmetic: Arithmetic<number>): Arithmetic<number> => ({
  ...arithmetic,
  binary: (...of) => half(arithmetic.binary(...of)),
  dot: (row, vector) => row.reduce((sum, weight, k) => half(sum + weight * vector[k]!), 0),
});

/** The derived way back with a part of it computed in another arithmetic. */
const computedMutant = (
  name: string,
  part: 'backward' | 'gradients',
  change: (arithmetic: Arithmetic<number>) => Arithmetic<number>,
  supports?: ReferenceOptions['supports'],
): Mutant =>
  backwardMutant(
    name,
    (program, arithmetic, parameters) => ({
      ...adjointInterpreter(program, arithmetic, parameters),
      [part]: adjointInterpreter(program, change(arithmetic), parameters)[part],
    }),
    supports,
  );

/** Numbers computed wrongly on the way back. */
const arithmeticMutants: readonly Mutant[] = [
  computedMutant('backwards in half precision', 'backward', halved),
  computedMutant('rows summed in half precision', 'gradients', halved),
  computedMutant('float64 gradients computed in float32', 'backward', ({ dtype }) => ({ ...float32, dtype })),
  computedMutant('rows summed without blocks, though said to be deterministic', 'gradients', unblocked, {
    deterministic: true,
  }),
  computedMutant('transposed products without blocks, though said to be deterministic', 'backward', unblocked, {
    deterministic: true,
  }),
  partMutant(
    'rows summed from the last, though said to be deterministic',
    ({ gradients }) => ({ gradients: (rows) => gradients(rows.toReversed()) }),
    { deterministic: true },
  ),
];

/** The backward pass of the cell derived wrongly, or computed wrongly. */
export const gradientMutants: readonly Mutant[] = [...stepMutants, ...productMutants, ...arithmeticMutants];
