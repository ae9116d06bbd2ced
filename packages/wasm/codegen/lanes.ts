import type { DType, Table } from '@congruent/codegen';
import { add, and, call, define, get, i32, type Wat, when } from './wat.ts';

/** The bytes of a vector register. */
export const VECTOR_BYTES = 16;

/** What differs between the element types, and between exact and fused arithmetic. */
export interface Lanes {
  readonly dtype: DType;
  /** Bytes of an element. */
  readonly bytes: number;
  /** Elements of a vector. */
  readonly count: number;
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

/** Stores the first `count` bytes of a vector: all of them, some, or, where `count` is not positive, none. */
export function storeUpToFunction({ dtype }: Lanes): Wat[] {
  const value = get('value');
  const bit = (count: number): Wat => and(get('count'), count);
  const lower: Wat = ['v128.store64_lane', '0', get('at'), value];
  const comment = 'Stores the first `count` bytes of a vector, at most all of them, and touches no byte after them.';
  const some: Wat[] =
    dtype === 'float64'
      ? [lower]
      : [
          when(bit(8), [lower, when(bit(4), [['v128.store32_lane', '2', add(get('at'), 8), value]]), ['return']]),
          ['v128.store32_lane', '0', get('at'), value],
        ];
  const body: Wat[] = [
    when(['i32.le_s', get('count'), i32(0)], [['return']]),
    when(['i32.ge_s', get('count'), i32(VECTOR_BYTES)], [['v128.store', get('at'), value], ['return']]),
    ...some,
  ];
  const parameters: Wat[] = [
    ['param', '$at', 'i32'],
    ['param', '$value', 'v128'],
    ['param', '$count', 'i32'],
  ];
  const [text, [keyword, name, ...rest]] = define({ name: 'store_up_to', comment, parameters: [] }, body) as [
    string,
    Wat[],
  ];
  return [text, [keyword!, name!, ...parameters, ...rest]];
}

export const storeUpTo = (at: Wat, value: Wat, count: Wat): Wat => call('store_up_to', at, value, count);
