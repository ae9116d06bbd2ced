import * as fc from 'fast-check';
import { type MapExpression, reference } from '../src/index.ts';

const shape: readonly string[] = [];

const leaf: fc.Arbitrary<MapExpression> = fc.oneof(
  fc.constantFrom('a', 'b', 'c').map((name) => reference(name, shape)),
  fc
    .oneof(fc.constantFrom(0, -0, 1, -1, 0.1, -2.5), fc.double({ noNaN: true, noDefaultInfinity: true }))
    .map((value) => ({ kind: 'constant' as const, value, shape })),
);

/** Any expression of numbers a, b and c without calls. */
export const anyMap: fc.Arbitrary<MapExpression> = fc.letrec<{ map: MapExpression }>((tie) => {
  const inner = tie('map');
  return {
    map: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      leaf,
      fc
        .record({ operator: fc.constantFrom('negate', 'negate', 'abs', 'floor', 'sqrt'), operand: inner })
        .map((parts): MapExpression => ({ kind: 'unary', ...(parts as { operator: 'negate' } & typeof parts), shape })),
      fc
        .record({ operator: fc.constantFrom('+', '-', '*', '/', 'max', 'min'), left: inner, right: inner })
        .map((parts): MapExpression => ({ kind: 'binary', ...(parts as { operator: '+' } & typeof parts), shape })),
      fc
        .record({
          comparison: fc.constantFrom('<', '>'),
          left: inner,
          right: inner,
          whenTrue: inner,
          whenFalse: inner,
        })
        .map((parts): MapExpression => ({ kind: 'select', ...(parts as { comparison: '<' } & typeof parts), shape })),
    ),
  };
}).map;
