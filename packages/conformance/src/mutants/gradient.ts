import {
  type Arithmetic,
  binary,
  type Contraction,
  constant,
  type Definition,
  float32,
  interpreter,
  type MapExpression,
  reference,
} from '@congruent/codegen';
import type { ReferenceOptions } from '../reference/backend.ts';
import { half } from './arithmetic.ts';
import { backwardMutant, definitionMutant, partMutant, stepMutant, sumMutant } from './gradient-mutation.ts';
import type { Mutant } from './mutation.ts';

const v = (name: string): ReturnType<typeof reference> => reference(name, ['H']);
const times = (left: MapExpression, right: MapExpression): MapExpression => binary('*', left, right);
const nextState: MapExpression = binary<MapExpression>(
  '+',
  times(binary<MapExpression>('-', constant(1), v('z')), v('n')),
  times(v('z'), v('h')),
);

/** A step backwards with a term missing, a wrong slope or a wrong residual. */
const stepMutants: readonly Mutant[] = [
  stepMutant('backwards: dh without g·z', 'dh', 'g_h * z + p_h', v('p_h')),
  stepMutant('backwards: dh without the recurrent product', 'dh', 'g_h * z + p_h', times(v('g_h'), v('z'))),
  stepMutant('backwards: output ignored', 'g_h', "dh' + dy", v("dh'")),
  stepMutant('backwards: dz with h for h − n', 'dz', 'h - n', v('h')),
  stepMutant('backwards: dn with z for 1 − z', 'dn', '1 - z', v('z')),
  stepMutant('backwards: slope of tanh with n for n²', 'da_n', 'n * n', v('n')),
  stepMutant('backwards: slope of sigmoid without 1 − z', 'da_z', 'z * (1 - z)', v('z')),
  stepMutant('backwards: residual z for r', 'dh_n', 'r', v('z')),
  stepMutant('backwards: residual h_n for h_n + b_hn', 'dr', 'u_n', binary<MapExpression>('-', v('u_n'), v('b_hn'))),
  stepMutant("backwards: residual h' for h", 'dz', 'h', nextState),
];

/** A transposed product of another vector. */
const productMutant = (name: string, product: string, from: string, to: string): Mutant =>
  definitionMutant(name, (each) => {
    const { value } = each;
    if (value.kind !== 'transposed' || each.name !== product) return each;
    return { ...each, value: { ...value, vectors: value.vectors.map((of) => (of.name === from ? v(to) : of)) } };
  });

type Sum = Definition<Contraction>;

const block = (sum: Sum, name: string, adjoint: string): Sum =>
  sum.name === name && sum.value.kind === 'sum' ? { ...sum, value: { ...sum.value, left: v(adjoint) } } : sum;

/** The sum of a vector's elements, in each of them. */
const unitsOf = (name: string, units: string): readonly Definition[] => [
  { name: `${units}_sum`, value: { kind: 'total', operand: v(name), shape: [] } },
  { name: units, value: binary<MapExpression>('+', reference(`${units}_sum`, []), times(constant(0), v(name))) },
];

/** Products and sums over rows of the wrong things. */
const productMutants: readonly Mutant[] = [
  productMutant('backwards: dh with da_n for dh_n', 'p_h', 'dh_n', 'da_n'),
  productMutant('backwards: dx with dh_n for da_n', 'dx', 'da_n', 'dh_n'),
  sumMutant('the gradient of b_hn is that of b_in', (sum) => block(sum, 'db_hn', 'da_n')),
  sumMutant('the gradient of W_hn without the reset gate', (sum) => block(sum, 'dW_hn', 'da_n')),
  sumMutant('biases summed over the units', (sum) => block(sum, 'db_z', 't_z'), unitsOf('da_z', 't_z')),
  sumMutant(
    "the gradient of W_hh with h' for h",
    ({ name, value }) => ({
      name,
      value: value.kind === 'sum' && value.right?.name === 'h' ? { ...value, right: v('h_after') } : value,
    }),
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

/** The derived backward pass with a part of it computed in another arithmetic. */
const computedMutant = (
  name: string,
  part: 'backward' | 'gradients',
  change: (arithmetic: Arithmetic<number>) => Arithmetic<number>,
  supports?: ReferenceOptions['supports'],
): Mutant =>
  backwardMutant(
    name,
    (program, arithmetic, parameters) => ({
      ...interpreter(program, arithmetic, parameters),
      [part]: interpreter(program, change(arithmetic), parameters)[part],
    }),
    supports,
  );

/** Numbers computed wrongly in the backward pass. */
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
