import {
  type Arithmetic,
  compile,
  float32,
  float32FlushedInterval,
  float32Interval,
  float64,
  type Interval,
  interpretFunction,
} from '@congruent/codegen';
import { gru } from '@congruent/spec';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { kinds } from '../src/kinds/kinds.ts';
import { batchOracle } from '../src/oracle/batch.ts';
import { batched, Lanes, laneOf } from '../src/oracle/batched-arithmetic.ts';
import { quickArithmetic, quickFloat32FlushedInterval, quickFloat32Interval } from '../src/oracle/quick-arithmetic.ts';
import { sizeCases } from '../src/vectors/size-cases.ts';
import { operandsOf } from '../src/vectors/vectors.ts';

const { functions } = compile(gru);
const [kind] = kinds;
const anyLength = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(63, 64, 65, 128, 129, 200));
const vectors = <T>(any: fc.Arbitrary<T>) =>
  anyLength.chain((length) => {
    const vector = fc.array(any, { minLength: length, maxLength: length });
    return fc.tuple(vector, vector);
  });

for (const dtype of ['float32', 'float64'] as const) {
  const [quick, slow] = [quickArithmetic[dtype], { float32, float64 }[dtype]];
  const anyNumber = dtype === 'float64' ? fc.double() : fc.float();

  test(`sums of products have the interpreter's bits: ${dtype}`, () => {
    fc.assert(
      fc.property(vectors(anyNumber), ([row, vector]) => Object.is(quick.dot(row, vector), slow.dot(row, vector))),
    );
  });

  test.each(functions[dtype].map((called) => [called.name, called] as const))(
    `a function has the interpreter's bits: ${dtype} %s`,
    (_, called) => {
      const operations = (): number => expect.unreachable();
      const same = (x: number) => Object.is(quick.call(called, x, operations), interpretFunction(called, slow, x));
      fc.assert(fc.property(fc.oneof(anyNumber, fc.constantFrom(0, -0, 1e-30, -20, 20, -104, 104)), same), {
        numRuns: 1000,
      });
    },
  );

  test(`all rows at once have the bits of each: ${dtype}`, () => {
    const { dot } = batched<number>(slow);
    const any = vectors(anyNumber).chain(([a, b]) =>
      fc.tuple(fc.constant(a), fc.constant(b), fc.shuffledSubarray(b, { minLength: b.length })),
    );
    fc.assert(
      fc.property(any, ([row, first, second]) => {
        const both = dot(
          row,
          first.map((value, k) => new Lanes([value, second[k]!])),
        );
        return Object.is(laneOf(both, 0), slow.dot(row, first)) && Object.is(laneOf(both, 1), slow.dot(row, second));
      }),
    );
  });

  test(`a whole case has the interpreter's bits: ${dtype}`, () => {
    const operands = operandsOf({ ...sizeCases[2]![0]!, dtype });
    const [got, expected] = [quick, slow].map((of) => batchOracle(kind!, of, operands, [3, 1]));
    expect(got).toEqual(expected);
  });
}

test.each([
  ['float32Interval', float32Interval, quickFloat32Interval],
  ['float32FlushedInterval', float32FlushedInterval, quickFloat32FlushedInterval],
] satisfies [string, Arithmetic<Interval>, Arithmetic<Interval>][])(
  "intervals of sums of products are the interpreter's: %s",
  (_, slow, quick) => {
    const finite = { noNaN: true, noDefaultInfinity: true } as const;
    const interval = fc
      .tuple(fc.float(finite), fc.float(finite))
      .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
    fc.assert(
      fc.property(vectors(interval), ([row, vector]) => {
        const [got, expected] = [quick.dot(row, vector), slow.dot(row, vector)];
        return Object.is(got.low, expected.low) && Object.is(got.high, expected.high);
      }),
    );
  },
);
