import type { DType, Table } from '@congruent/codegen';
import { i32, shl, type Wat } from './wat.ts';

/** The bytes of a vector register. */
export const VECTOR_BYTES = 16;

/** What differs between the element types, between exact and fused arithmetic, and where an engine has no vectors. */
export interface Lanes {
  readonly dtype: DType;
  /** Bytes of an element. */
  readonly bytes: number;
  /** Elements of a vector. */
  readonly count: number;
  /** Bytes of a vector. */
  readonly vectorBytes: number;
  /** The type of a local that holds one. */
  readonly type: 'v128' | 'f32';
  readonly load: string;
  readonly store: string;
  /** Whether a product is rounded only with the sum it goes into, where the engine prefers that. */
  readonly fused: boolean;
  /** Loads one element into all lanes. */
  readonly loadSplat: string;
  constant(value: number): Wat;
  add(left: Wat, right: Wat): Wat;
  /** `sum + left * right`. */
  addProduct(sum: Wat, left: Wat, right: Wat): Wat;
  /** The words for operations, lane by lane; `constant` says where a constant that they need is found. */
  operations(constant: (value: number) => Wat): Omit<Required<Table<Wat>>, 'reference' | 'call'>;
}

const BINARY = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', max: 'max', min: 'min' } as const;

const FUSED = { '+': 'relaxed_madd', '-': 'relaxed_nmadd' } as const;

export function lanesOf(dtype: DType, fused: boolean): Lanes {
  const single = dtype === 'float32';
  const [type, integer, scalar, bytes] = single
    ? (['f32x4', 'i32x4', 'f32', 4] as const)
    : (['f64x2', 'i64x2', 'f64', 8] as const);
  // k + 1.5·2^23 + 127 has the exponent of 2^k in its low bits; shifted to their place, they are 2^k.
  const [fraction, bias] = single ? ([23, 127] as const) : ([52, 1023] as const);
  const plus = (left: Wat, right: Wat): Wat => [`${type}.add`, left, right];
  return {
    dtype,
    bytes,
    count: VECTOR_BYTES / bytes,
    vectorBytes: VECTOR_BYTES,
    type: 'v128',
    load: 'v128.load',
    store: 'v128.store',
    fused,
    loadSplat: single ? 'v128.load32_splat' : 'v128.load64_splat',
    constant: (value) => [`${type}.splat`, [`${scalar}.const`, numeral(single ? Math.fround(value) : value)]],
    add: plus,
    addProduct: (sum, left, right) =>
      fused ? [`${type}.${FUSED['+']}`, left, right, sum] : plus(sum, [`${type}.mul`, left, right]),
    operations: (constant) => ({
      constant,
      unary(operator, operand) {
        if (operator === 'floor' || operator === 'sqrt') return [`${type}.${operator}`, operand];
        // The sign bit of a constant at hand: engines make the mask of `neg` and `abs` anew each time.
        if (operator === 'negate') {
          const absolute = operand[0] === 'v128.andnot'; // −|x|: the sign bit set
          return absolute ? ['v128.or', operand[1]!, constant(-0)] : ['v128.xor', operand, constant(-0)];
        }
        if (operator === 'abs') return ['v128.andnot', operand, constant(-0)];
        operator satisfies 'pow2';
        return [`${integer}.shl`, plus(operand, constant(1.5 * 2 ** fraction + bias)), i32(fraction)];
      },
      binary: (operator, left, right) => [`${type}.${BINARY[operator]}`, left, right],
      fused: (operator, addend, left, right) => [`${type}.${FUSED[operator]}`, left, right, addend],
      // pmin(a, b) is b < a ? b : a, and pmax(a, b) is a < b ? b : a, also for NaN and ±0.
      extremum: (which, left, right) =>
        which === 'min' ? [`${type}.pmin`, right, left] : [`${type}.pmax`, left, right],
      select(comparison, left, right, whenTrue, whenFalse) {
        const [low, high] = comparison === '<' ? [left, right] : [right, left];
        return ['v128.bitselect', whenTrue, whenFalse, [`${type}.lt`, low, high]];
      },
    }),
  };
}

const numeral = (value: number): string => (Object.is(value, -0) ? '-0' : `${value}`);

/** Lanes of one: numbers in the place of vectors, with the operations that WebAssembly had from the first. */
export const oneLane: Lanes = {
  dtype: 'float32',
  bytes: 4,
  count: 1,
  vectorBytes: 4,
  type: 'f32',
  load: 'f32.load',
  store: 'f32.store',
  fused: false,
  loadSplat: 'f32.load',
  constant: (value) => ['f32.const', numeral(Math.fround(value))],
  add: (left, right) => ['f32.add', left, right],
  addProduct: (sum, left, right) => ['f32.add', sum, ['f32.mul', left, right]],
  operations: (constant) => ({
    constant,
    unary(operator, operand) {
      if (operator === 'negate') return ['f32.neg', operand];
      if (operator !== 'pow2') return [`f32.${operator}`, operand];
      const exponent: Wat = ['i32.reinterpret_f32', ['f32.add', operand, constant(1.5 * 2 ** 23 + 127)]];
      return ['f32.reinterpret_i32', shl(exponent, 23)];
    },
    binary: (operator, left, right) => [`f32.${BINARY[operator]}`, left, right],
    fused() {
      throw new TypeError('lanes of one have no fused arithmetic');
    },
    extremum: (which, left, right) =>
      which === 'min'
        ? ['select', left, right, ['f32.lt', left, right]]
        : ['select', right, left, ['f32.lt', left, right]],
    select: (comparison, left, right, whenTrue, whenFalse) => [
      'select',
      whenTrue,
      whenFalse,
      [comparison === '<' ? 'f32.lt' : 'f32.gt', left, right],
    ],
  }),
};
