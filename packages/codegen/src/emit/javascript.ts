import type { BinaryOperator } from '../ir/expression.ts';
import type { Table } from '../ir/table.ts';

/** A piece of code, and how strongly its outermost operator binds. */
export interface Code {
  readonly text: string;
  readonly strength: number;
}

const STRENGTH: Readonly<Record<Exclude<BinaryOperator, 'max' | 'min'>, number>> = { '+': 1, '-': 1, '*': 2, '/': 2 };

/** As strong as a sign; nothing but a single operand is stronger. */
const SIGN = 3;
const SINGLE = 4;

const single = (text: string): Code => ({ text, strength: SINGLE });

/** The code with brackets where it binds no stronger than that. */
export const bracketed = ({ text, strength }: Code, than: number): string => (strength > than ? text : `(${text})`);

/** Words that name nothing in a module of JavaScript or TypeScript, and those that name what every module has. */
export const JAVASCRIPT_WORDS: readonly string[] = (
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
  'false finally for function if implements import in instanceof interface let new null package private protected ' +
  'public return static super switch this throw true try typeof var void while with yield ' +
  'undefined NaN Infinity Math Float32Array Float64Array'
).split(' ');

/** The operations that are written as calls, as JavaScript names them; it has no power of two that is surely exact. */
const CALLED = {
  abs: 'Math.abs',
  floor: 'Math.floor',
  sqrt: 'Math.sqrt',
  max: 'Math.max',
  min: 'Math.min',
  pow2: 'pow2',
} as const;

/**
 * Expressions in JavaScript, and in every language whose operators are written and bind alike.
 *
 * @param names  where it calls operations otherwise, and what rounds the result of one that may be inexact, if anything
 *   does
 */
export function javascript(
  names: { readonly [operation in keyof typeof CALLED]?: string } & {
    readonly round?: string;
    readonly call?: (name: string) => string;
  },
): Table<Code> {
  const words = { ...CALLED, ...names };
  const { round, call = (name: string) => name } = names;
  const rounded = (code: Code): Code => (round ? single(`${round}(${code.text})`) : code);
  return {
    reference: single,
    constant: (value) => {
      const text = Object.is(value, -0) ? '-0' : `${value}`;
      return { text, strength: text.startsWith('-') ? SIGN : SINGLE };
    },
    unary: (operator, operand) => {
      if (operator === 'negate') return { text: `-${bracketed(operand, SIGN)}`, strength: SIGN };
      const code = single(`${words[operator]}(${operand.text})`);
      return operator === 'sqrt' ? rounded(code) : code;
    },
    binary: (operator, left, right) => {
      if (operator === 'max' || operator === 'min') return single(`${words[operator]}(${left.text}, ${right.text})`);
      const strength = STRENGTH[operator];
      return rounded({
        text: `${bracketed(left, strength - 1)} ${operator} ${bracketed(right, strength)}`,
        strength,
      });
    },
    select: (comparison, left, right, whenTrue, whenFalse) => ({
      text: `${bracketed(left, 0)} ${comparison} ${bracketed(right, 0)} ? ${bracketed(whenTrue, 0)} : ${bracketed(whenFalse, 0)}`,
      strength: 0,
    }),
    call: (name, operand) => single(`${call(name)}(${operand.text})`),
  };
}
