import { describe, expect, test } from 'vitest';
import { type Expression, functions, operandsOf, type SpecFunction } from '../src/index.ts';

const OPERATIONS = ['abs', 'floor', 'pow2', 'sqrt', 'max', 'min', 'horner'];
const PRECISION = { float32: 24, float64: 53 } as const;

const all = Object.values(functions);
const dtypes = ['float32', 'float64'] as const;

const number = (called: SpecFunction, dtype: 'float32' | 'float64', name: string): number => {
  const value = called.constants[dtype].get(name);
  if (typeof value !== 'number') throw new TypeError(`${called.name} has no number ${name}`);
  return value;
};

/** How many bits a number's significand takes. */
function significantBits(value: number): number {
  let bits = 0;
  let rest = Math.abs(value) / 2 ** Math.floor(Math.log2(Math.abs(value)));
  while (rest !== 0) {
    rest = (rest - Math.floor(rest)) * 2;
    bits++;
  }
  return bits;
}

test('the functions there are, and how near each is', () => {
  expect(Object.fromEntries(all.map(({ name, ulp }) => [name, ulp]))).toEqual({
    sigmoid: 1.5,
    tanh: 1.5,
    relu: 0,
    exp: 1.1,
    log: 1,
    softplus: 2.1,
    sqrt: 0.5,
  });
});

describe.each(all)('$name', (called) => {
  test('its last equation is its result', () => {
    expect(called.equations.at(-1)?.name).toBe(called.result);
  });

  test('its derivative reads its result and its operand alone, and calls functions that there are', () => {
    const check = (expression: Expression): void => {
      if (expression.kind === 'call') expect(Object.keys(functions)).toContain(expression.name);
      if (expression.kind === 'name') expect([called.result, called.operand]).toContain(expression.name);
      operandsOf(expression).forEach(check);
    };
    check(called.derivative);
  });

  test('reads only its operand, earlier equations, and constants that both element types have', () => {
    const known = new Set([called.operand]);
    const check = (expression: Expression): void => {
      if (expression.kind === 'call') expect(OPERATIONS).toContain(expression.name);
      if (expression.kind === 'name' && !known.has(expression.name)) {
        for (const dtype of dtypes) expect([...called.constants[dtype].keys()]).toContain(expression.name);
      }
      operandsOf(expression).forEach(check);
    };
    for (const { name, expression } of called.equations) {
      check(expression);
      known.add(name);
    }
  });
});

const reduced = all.filter(({ constants }) => constants.float32.has('UNDERFLOW'));

describe.each(reduced)('the range reduction of $name', (called) => {
  describe.each(dtypes)('in %s', (dtype) => {
    test('LN2_HI leaves room for every k down to UNDERFLOW: k * LN2_HI is exact', () => {
      const [high, log2e, end] = (['LN2_HI', 'LOG2E', 'UNDERFLOW'] as const).map((name) => number(called, dtype, name));
      for (let k = Math.floor(-Math.abs(end!) * log2e! + 0.5); k <= 0; k++) {
        const bits = k === 0 ? 0 : significantBits(k);
        expect(significantBits(high!) + bits).toBeLessThanOrEqual(PRECISION[dtype]);
      }
    });

    test('LN2_HI + LN2_LO is ln 2 and LOG2E its inverse, to more than the precision of the type', () => {
      const [high, low, log2e] = (['LN2_HI', 'LN2_LO', 'LOG2E'] as const).map((name) => number(called, dtype, name));
      expect(Math.abs(high! + low! - Math.LN2)).toBeLessThanOrEqual(2 ** -(dtype === 'float32' ? 40 : 53));
      expect(Math.abs(log2e! - Math.LOG2E)).toBeLessThanOrEqual(2 ** -(PRECISION[dtype] - 1));
    });

    test('the coefficients begin like those of (e^r - 1 - r) / r², 1/2, 1/6, 1/24 …', () => {
      const coefficients = called.constants[dtype].get('EXPM1') as readonly number[];
      let factorial = 2;
      coefficients.slice(0, 3).forEach((coefficient, index) => {
        expect(coefficient * factorial).toBeCloseTo(1, 4);
        factorial *= index + 3;
      });
    });
  });
});

test('float32 e^-104 rounds to 0, and what is not cut off does not: the underflow constant changes no result', () => {
  expect(Math.fround(Math.exp(-number(functions['sigmoid']!, 'float32', 'UNDERFLOW')))).toBe(0);
  expect(Math.fround(Math.exp(-103))).toBeGreaterThan(0);
  expect(Math.exp(-number(functions['sigmoid']!, 'float64', 'UNDERFLOW'))).toBe(0);
});

test('tanh at the saturation constant rounds to 1', () => {
  expect(Math.fround(Math.tanh(number(functions['tanh']!, 'float32', 'SATURATION')))).toBe(1);
  expect(Math.tanh(number(functions['tanh']!, 'float64', 'SATURATION'))).toBe(1);
});
