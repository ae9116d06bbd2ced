import { type Code, javascript, lineComment, type Table } from '@congruent/codegen';

/**
 * A float32 value as C99 and C++11 write it; hexadecimal would be shorter to reason about, but C++ has it since 2017 only.
 * Nine digits are within a sixth of an ulp of the value, so that every compiler reads it back.
 */
export function literal(value: number): string {
  if (Number.isNaN(value)) return 'NAN';
  if (!Number.isFinite(value)) return value > 0 ? 'INFINITY' : '-INFINITY';
  const text = Object.is(value, -0) ? '-0' : `${Number(value.toPrecision(9))}`;
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`;
}

/** Expressions in C, whose operators are JavaScript's; every name that they call begins with the model's. */
export function tableOf(model: string): Table<Code> {
  const own = (name: string): string => `${model}_${name}`;
  const table = javascript({
    abs: own('absolute'),
    floor: own('whole'),
    sqrt: own('root'),
    max: own('larger'),
    min: own('smaller'),
    pow2: own('pow2'),
    call: own,
  });
  return { ...table, constant: (value) => ({ ...table.constant(value), text: literal(value) }) };
}

export const comment = (line: string): string => lineComment('//', line);
