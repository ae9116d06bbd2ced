import {
  bracketed,
  type Code,
  type Definition,
  type DType,
  type FunctionIr,
  findExtrema,
  fold,
  fuseProducts,
  javascript,
  type MapExpression,
  type Table,
} from '@congruent/codegen';
import { functionName } from './target.ts';

const call = (name: string, ...operands: readonly Code[]): Code => ({
  text: `${name}(${operands.map(({ text }) => text).join(', ')})`,
  strength: Number.POSITIVE_INFINITY,
});

const shared = javascript({
  abs: 'absolute',
  floor: 'floor_of',
  pow2: 'power_of_two',
  sqrt: 'square_root',
  max: 'maximum',
  min: 'minimum',
  call: functionName,
});

/** Operators of vectors are those of numbers; only numbers themselves, and choices, are said otherwise. */
const tableFor = (dtype: DType): Table<Code> => ({
  ...shared,
  constant: (value) => call('splat', { text: numeral(value, dtype), strength: 0 }),
  select(comparison, left, right, whenTrue, whenFalse) {
    const [low, high] = comparison === '<' ? [left, right] : [right, left];
    return call('select_less', low, high, whenTrue, whenFalse);
  },
  fused: (operator, ...operands) => call(operator === '+' ? 'add_product' : 'subtract_product', ...operands),
  extremum: (which, left, right) => call(which === 'min' ? 'lesser' : 'greater', left, right),
});

/** A number as C writes it, with its sign. */
function numeral(value: number, dtype: DType): string {
  const suffix = dtype === 'float32' ? 'f' : '';
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (Number.isNaN(value)) return `__builtin_nan${suffix}("")`;
  if (size === Number.POSITIVE_INFINITY) return `${sign}__builtin_inf${suffix}()`;
  const text = `${size}`;
  return `${sign}${/[.e]/.test(text) ? text : `${text}.0`}${suffix}`;
}

/** A definition as a statement; products that may be fused are said so, which where they may not is the same. */
export function statement({ name, value }: Definition<MapExpression>, dtype: DType): string {
  return `const vector ${name} = ${expression(value, dtype)};`;
}

function expression(value: MapExpression, dtype: DType): string {
  const lowered = fold(fold(value, findExtrema), fuseProducts);
  return bracketed(fold(lowered, tableFor(dtype)), -1);
}

/** A function that maps call. */
export function calledFunction({ name, operand, definitions }: FunctionIr, dtype: DType): string {
  const [last, ...before] = definitions.toReversed();
  const lines = before.toReversed().map((definition) => `  ${statement(definition, dtype)}`);
  return [
    `INLINE vector ${functionName(name)}(vector ${operand}) {`,
    ...lines,
    `  return ${expression(last!.value, dtype)};`,
    '}',
  ].join('\n');
}
