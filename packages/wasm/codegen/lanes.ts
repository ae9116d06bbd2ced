import type { BinaryOperator, DType, UnaryOperator } from '@congruent/codegen';
import { add, and, call, define, get, i32, type Wat, when } from './wat.ts';

/** The bytes of a vector register. */
export const VECTOR_BYTES = 16;

/** What differs between the element types, and between exact and fused arithmetic. */
export interface Lanes {
  readonly dtype: DType;
  /** Bytes of an element. */
  readonly bytes: number;
  /** Whether a product is rounded only with the sum it goes into, where the engine prefers that. */
  readonly fused: boolean;
  /** Loads one element into all lanes. */
  readonly loadSplat: string;
  constant(value: number): Wat;
  /** `constant` says where a constant that the operation needs is found. */
  unary(operator: UnaryOperator, operand: Wat, constant: (value: number) => Wat): Wat;
  binary(operator: BinaryOperator, left: Wat, right: Wat): Wat;
  /** Lane by lane; comparisons with NaN do not hold. */
  select(comparison: '<' | '>', left: Wat, right: Wat, whenTrue: Wat, whenFalse: Wat): Wat;
}

const BINARY = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' } as const;

export function lanesOf(dtype: DType, fused: boolean): Lanes {
  const single = dtype === 'float32';
  const [type, integer, scalar] = single ? ['f32x4', 'i32x4', 'f32'] : ['f64x2', 'i64x2', 'f64'];
  const constant = (value: number): Wat => [`${type}.splat`, [`${scalar}.const`, numeral(value, single)]];
  /** The factors of a product that may be fused with what it is added to or subtracted from. */
  const factorsOf = (value: Wat): readonly Wat[] | undefined =>
    fused && value[0] === `${type}.mul` ? (value.slice(1) as Wat[]) : undefined;
  const binary = (operator: BinaryOperator, left: Wat, right: Wat): Wat => {
    const [ofLeft, ofRight] = [factorsOf(left), factorsOf(right)];
    if (operator === '+' && ofRight) return [`${type}.relaxed_madd`, ...ofRight, left];
    if (operator === '+' && ofLeft) return [`${type}.relaxed_madd`, ...ofLeft, right];
    if (operator === '-' && ofRight) return [`${type}.relaxed_nmadd`, ...ofRight, left];
    return [`${type}.${BINARY[operator]}`, left, right];
  };
  return {
    dtype,
    bytes: single ? 4 : 8,
    fused,
    loadSplat: single ? 'v128.load32_splat' : 'v128.load64_splat',
    constant,
    binary,
    unary(operator, operand, find) {
      if (operator === 'floor') return [`${type}.floor`, operand];
      // The sign bit of a constant at hand: engines make the mask of `neg` and `abs` anew each time.
      if (operator === 'negate') {
        const absolute = operand[0] === 'v128.andnot'; // −|x|: the sign bit set
        return absolute ? ['v128.or', operand[1]!, find(-0)] : ['v128.xor', operand, find(-0)];
      }
      if (operator === 'abs') return ['v128.andnot', operand, find(-0)];
      operator satisfies 'pow2';
      // k + 1.5·2^23 + 127 has the exponent of 2^k in its low bits; shifted to their place, they are 2^k.
      const [fraction, bias] = single ? [23, 127] : [52, 1023];
      return [`${integer}.shl`, binary('+', operand, find(1.5 * 2 ** fraction + bias)), i32(fraction)];
    },
    select(comparison, left, right, whenTrue, whenFalse) {
      const [low, high] = comparison === '<' ? [left, right] : [right, left];
      // pmin(a, b) is b < a ? b : a, and pmax(a, b) is a < b ? b : a, also for NaN and ±0: one instruction for four.
      if (same(low, whenTrue) && same(high, whenFalse)) return [`${type}.pmin`, high, low];
      if (same(high, whenTrue) && same(low, whenFalse)) return [`${type}.pmax`, low, high];
      return ['v128.bitselect', whenTrue, whenFalse, [`${type}.lt`, low, high]];
    },
  };
}

const same = (left: Wat, right: Wat): boolean => JSON.stringify(left) === JSON.stringify(right);

function numeral(value: number, single: boolean): string {
  const rounded = single ? Math.fround(value) : value;
  return Object.is(rounded, -0) ? '-0' : `${rounded}`;
}

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
