import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { tensor } from '../src/index.ts';
import { checkTensor } from '../src/tensor.ts';
import { expectCode } from './expect-code.ts';

test('typed arrays are used as they are, plain numbers become float32', () => {
  const data = new Float64Array([1, 2]);
  expect(tensor(data, [2, 1]).data).toBe(data);
  expect(tensor([0.1, 2])).toEqual({ data: Float32Array.of(0.1, 2), shape: [2] });
});

test('no dimensions: one element; a dimension 0: none', () => {
  expect(tensor([5], []).shape).toEqual([]);
  expect(tensor([], [3, 0]).data.length).toBe(0);
});

test('the shape is a copy', () => {
  const shape = [1, 2];
  const t = tensor([1, 2], shape);
  shape[0] = 9;
  expect(t.shape).toEqual([1, 2]);
});

for (const shape of [[3], [2, 2], [], [2, -1], [0.5, 4], [Number.NaN]]) {
  test(`2 elements with shape [${shape}] are refused with CONGRUENT_SHAPE`, () =>
    expectCode(() => tensor([1, 2], shape), 'CONGRUENT_SHAPE'));
}

for (const data of [new Int32Array(2), new Uint8Array(2), 'ab', null, { length: 2 }]) {
  test(`data ${Object.prototype.toString.call(data)} is refused with CONGRUENT_DTYPE`, () =>
    expectCode(() => tensor(data as never, [2]), 'CONGRUENT_DTYPE', 'tensor: data must be'));
}

test('arrays of another realm (an iframe, a vm context) are accepted', () => {
  const foreign = runInNewContext('({ data: new Float64Array([1, 2]), shape: [2] })');
  expect(checkTensor('x', foreign, 'float64')).toBe(foreign);
  expect(tensor(foreign.data, [1, 2]).shape).toEqual([1, 2]);
});

for (const value of [undefined, null, 5, [1, 2], new Float32Array(2), { data: new Float32Array(2) }, { shape: [2] }]) {
  test(`${Object.prototype.toString.call(value)} ${JSON.stringify(value)} is no tensor: CONGRUENT_SHAPE`, () =>
    expectCode(
      () => checkTensor('GRU.forward: input', value),
      'CONGRUENT_SHAPE',
      'GRU.forward: input must be a tensor { data, shape }',
    ));
}
