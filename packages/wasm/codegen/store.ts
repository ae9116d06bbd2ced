import type { Lanes } from './lanes.ts';
import { add, and, call, define, get, i32, type Wat, when } from './wat.ts';

/** Stores the first `count` bytes of a vector: all of them, some, or, where `count` is not positive, none. */
export function storeUpToFunction({ dtype, type, store, vectorBytes }: Lanes): Wat[] {
  const value = get('value');
  const body: Wat[] = [
    when(['i32.le_s', get('count'), i32(0)], [['return']]),
    when(['i32.ge_s', get('count'), i32(vectorBytes)], [[store, get('at'), value], ['return']]),
    ...part(dtype, type),
  ];
  const comment = 'Stores the first `count` bytes of a vector, at most all of them, and touches no byte after them.';
  return define({ name: 'store_up_to', comment, parameters: ['at', { name: 'value', type }, 'count'] }, body);
}

/** Stores less than a vector, which one of a single lane has not. */
function part(dtype: Lanes['dtype'], type: Lanes['type']): Wat[] {
  if (type === 'f32') return [];
  const value = get('value');
  const bit = (count: number): Wat => and(get('count'), count);
  const lower: Wat = ['v128.store64_lane', '0', get('at'), value];
  if (dtype === 'float64') return [lower];
  return [
    when(bit(8), [lower, when(bit(4), [['v128.store32_lane', '2', add(get('at'), 8), value]]), ['return']]),
    ['v128.store32_lane', '0', get('at'), value],
  ];
}

export const storeUpTo = (at: Wat, value: Wat, count: Wat): Wat => call('store_up_to', at, value, count);
