import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, constant, type MapExpression, reference } from '../src/index.ts';
import { negate } from '../src/ir/expression.ts';
import { Keys } from '../src/ir/keys.ts';
import { Names } from '../src/ir/names.ts';
import { fold, type Table } from '../src/ir/table.ts';
import { anyMap } from './random-maps.ts';

const copyOf = <T>(value: T): T => structuredClone(value);

describe('keys', () => {
  test('are equal for equal values, and differ for different ones', () => {
    const printed = (value: MapExpression): string => JSON.stringify(value, (_, of) => (Object.is(of, -0) ? '-0' : of));
    fc.assert(
      fc.property(anyMap, anyMap, (left, right) => {
        const keys = new Keys();
        expect(keys.of(copyOf(left))).toBe(keys.of(left));
        expect(keys.of(left) === keys.of(right)).toBe(printed(left) === printed(right));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('tell −0 from 0, one shape from another, and the order of operands', () => {
    const keys = new Keys();
    const [a, b] = [reference('a', ['H']), reference('b', ['H'])];
    const all = [constant(0), constant(-0), a, reference('a', ['I']), add(a, b), add(b, a), negate(a)].map((each) =>
      keys.of(each),
    );
    expect(new Set(all).size).toBe(all.length);
  });

  test('tell apart contractions of the same operands', () => {
    const keys = new Keys();
    const left = reference('u', ['H']);
    const shape = ['H'] as const;
    const sums = [
      { kind: 'sum', left, right: undefined, shape },
      { kind: 'sum', left, right: left, shape: ['H', 'H'] },
      { kind: 'total', operand: left, shape: [] },
    ] as const;
    expect(new Set(sums.map((each) => keys.of(each))).size).toBe(3);
    for (const each of sums) expect(keys.of(copyOf(each))).toBe(keys.of(each));
  });

  test('of a value whose parts double with each level, written down once each', () => {
    const keys = new Keys();
    let [left, right]: MapExpression[] = [reference('a', ['H']), reference('a', ['H'])];
    for (let level = 0; level < 200; level++) [left, right] = [add(left!, left!), add(right!, right!)];
    expect(keys.of(left!)).toBe(keys.of(right!));
  });
});

describe('names', () => {
  test('a fresh name is the wished one, or the first free number after it', () => {
    const names = new Names(['h', 'h2']);
    expect(['x', 'x', 'h', 'h', 'x2'].map((wish) => names.fresh(wish))).toEqual(['x', 'x2', 'h3', 'h4', 'x22']);
  });

  test('100,000 equal wishes are granted as fast as others', () => {
    const names = new Names([]);
    const start = process.cpuUsage();
    const all = Array.from({ length: 100_000 }, () => names.fresh('v'));
    const { user, system } = process.cpuUsage(start);
    expect(new Set(all).size).toBe(all.length);
    expect(user + system).toBeLessThan(2_000_000); // trying every number from 2 on takes minutes
  });
});

describe('a fold', () => {
  test('asks the table for every part of an expression once, operands first', () => {
    const count = (expression: MapExpression): number => fold<number>(expression, counting);
    const counting: Table<number> = {
      reference: () => 1,
      constant: () => 1,
      unary: (_, operand) => 1 + operand,
      binary: (_, left, right) => 1 + left + right,
      select: (_, ...operands) => operands.reduce((sum, each) => sum + each, 1),
      call: (_, operand) => 1 + operand,
    };
    const nodes = (value: unknown): number => {
      if (typeof value !== 'object' || value === null) return 0;
      return Object.values(value).reduce<number>((sum, each) => sum + nodes(each), 'kind' in value ? 1 : 0);
    };
    fc.assert(
      fc.property(anyMap, (expression) => {
        expect(count(expression)).toBe(nodes(expression));
      }),
    );
  });

  test('uses every entry of a table, with what stands in the expression', () => {
    const said: string[] = [];
    const say = (...words: readonly unknown[]): string => {
      said.push(words.join(' '));
      return `${words[0]}`;
    };
    const table: Table<string> = {
      reference: (name) => say('reference', name),
      constant: (value) => say('constant', value),
      unary: (operator, operand) => say('unary', operator, operand),
      binary: (operator, left, right) => say('binary', operator, left, right),
      select: (comparison, ...operands) => say('select', comparison, ...operands),
      call: (name, operand) => say('call', name, operand),
    };
    const a = reference('a', []);
    const shape: readonly string[] = [];
    const call = { kind: 'call', function: 'tanh', operand: a, shape } as const;
    const select = {
      kind: 'select',
      comparison: '<',
      left: a,
      right: constant(1),
      whenTrue: call,
      whenFalse: negate(a),
      shape,
    } as const;
    fold<string>(add<MapExpression>(select, constant(2)), table);
    expect(said).toEqual([
      'reference a',
      'constant 1',
      'reference a',
      'call tanh reference',
      'reference a',
      'unary negate reference',
      'select < reference constant call unary',
      'constant 2',
      'binary + select constant',
    ]);
    expect(new Set(said.map((line) => line.split(' ')[0]))).toEqual(new Set(Object.keys(table)));
  });
});
