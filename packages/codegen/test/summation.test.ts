import { cell } from '@congruent/spec';
import { describe, expect, test } from 'vitest';
import { compile, float32, float64, interpreter, SUM_BLOCK } from '../src/index.ts';
import { numbers } from './values.ts';

const product = compile(cell`
  product(h[H]) -> h'
  h' = W @ h
  layout plain
    W = [W]
`);

/** Σ row[k]·vector[k] through the interpreter: the first element of a product with a square matrix of this row. */
function sum(arithmetic: typeof float32, row: readonly number[], vector: readonly number[]): number {
  const { forward } = interpreter(product, arithmetic, { W: row.map(() => row) });
  return (forward({ h: vector }).states['h'] as readonly number[])[0]!;
}

/** Written out once more: products from the left, starting at +0; blocks of 64; block sums from the left. */
function inBlocks(row: readonly number[], vector: readonly number[], round: (exact: number) => number): number {
  const blocks: number[] = [];
  row.forEach((weight, k) => {
    if (k % 64 === 0) blocks.push(0);
    blocks[blocks.length - 1] = round(blocks.at(-1)! + round(weight * vector[k]!));
  });
  return blocks.reduce((total, block) => round(total + block));
}

const fromTheLeft = (row: readonly number[], vector: readonly number[]): number =>
  row.reduce((total, weight, k) => Math.fround(total + Math.fround(weight * vector[k]!)), 0);

/** Numbers of different magnitudes, whose sum depends on its order. */
function operands(length: number): { readonly row: readonly number[]; readonly vector: readonly number[] } {
  const random = numbers(length);
  const float = (): number => Math.fround(random() * 2 ** (random() * 8));
  return { row: Array.from({ length }, float), vector: Array.from({ length }, float) };
}

test('a block has 64 products', () => {
  expect(SUM_BLOCK).toBe(64);
});

describe.each([1, 2, 63, 64, 65, 128, 129, 130, 200])('a sum of %i products', (length) => {
  const { row, vector } = operands(length);

  test('in float32 is taken in blocks from the left', () => {
    expect(sum(float32, row, vector)).toBe(inBlocks(row, vector, Math.fround));
  });

  test('in float64 is taken in blocks from the left', () => {
    expect(sum(float64, row, vector)).toBe(inBlocks(row, vector, (exact) => exact));
  });
});

test.each([1, 63, 64])('a sum of %i products, which are one block, is the plain sum from the left', (length) => {
  const { row, vector } = operands(length);
  expect(sum(float32, row, vector)).toBe(fromTheLeft(row, vector));
});

test('the order shows: 2^24 and two ones in the next block add to 2^24 + 2, from the left to 2^24', () => {
  const row = Array.from({ length: 66 }, (_, k) => (k === 0 ? 2 ** 24 : k < 64 ? 0 : 1));
  const ones = row.map(() => 1);
  expect(sum(float32, row, ones)).toBe(2 ** 24 + 2);
  expect(fromTheLeft(row, ones)).toBe(2 ** 24);
  // Two blocks are not four, and the tail of a block is not added first.
  expect(sum(float32, [1, 1, ...row.slice(0, 62)], ones.slice(0, 64))).toBe(2 ** 24 + 2);
  expect(sum(float32, [2 ** 24, 1, 1], [1, 1, 1])).toBe(2 ** 24);
});

test('a product is rounded before it is added: no fused multiply-add', () => {
  const x = 1 + 2 ** -12;
  expect(sum(float32, [-1 - 2 ** -11, x], [1, x])).toBe(0);
});

test('a sum starts at +0, so a sum of -0 is +0', () => {
  expect(sum(float32, [-0], [1])).toBe(0);
  expect(sum(float64, [-0, -0], [1, 1])).toBe(0);
});

test('NaN and infinities go through', () => {
  expect(sum(float32, [1, 1], [Number.NaN, 1])).toBe(Number.NaN);
  expect(sum(float32, [1, 1], [Infinity, 1])).toBe(Infinity);
  expect(sum(float32, [1, 1], [Infinity, -Infinity])).toBe(Number.NaN);
  expect(sum(float32, [0, 1], [Infinity, 1])).toBe(Number.NaN);
});
