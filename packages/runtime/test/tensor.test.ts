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

test('nested arrays have their own shape, or the one that is given', () => {
  expect(
    tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  ).toEqual({ data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] });
  expect(tensor([[[1], [2]]]).shape).toEqual([1, 2, 1]);
  expect(tensor([[], []]).shape).toEqual([2, 0]);
  expect(
    tensor(
      [
        [1, 2],
        [3, 4],
      ],
      [4],
    ).shape,
  ).toEqual([4]);
  expect(tensor([Number.NaN, -0, Number.POSITIVE_INFINITY]).data).toEqual(Float32Array.of(Number.NaN, -0, Infinity));
});

const ragged: readonly unknown[] = [
  [[1, 2], [3]],
  [[1], 2],
  [[1], [[2]]],
  [[[1]], [2]],
  [[1, 2], Float32Array.of(3, 4)],
];
for (const data of ragged) {
  test(`${JSON.stringify(data)} has no shape and is refused`, async () => {
    const error = await Promise.resolve()
      .then(() => tensor(data as never))
      .catch((caught) => caught);
    expect(error.code).toMatch(/^CONGRUENT_(SHAPE|DTYPE)$/);
    expect(error.message).toContain('data must be numbers, in arrays of one shape');
  });
}

/** An array with these elements, and holes for the others. */
const holed = (length: number, values: object): unknown[] => Object.assign(new Array(length), values);

const cyclic: unknown[] = [1];
cyclic[0] = cyclic;
const others: readonly unknown[][] = [
  [1, undefined],
  ['1'],
  [null],
  [1n],
  [true],
  [holed(3, { 0: 1, 2: 3 })],
  holed(1, {}),
  [1, Symbol('x')],
  cyclic,
];
others.forEach((data, i) => {
  test(`an array with anything but numbers is refused with CONGRUENT_DTYPE, case ${i}`, () =>
    expectCode(() => tensor(data as never), 'CONGRUENT_DTYPE', 'data must be numbers'));
});

test('no data, and a shape that is none, are refused', async () => {
  await expectCode(() => tensor(undefined as never), 'CONGRUENT_DTYPE', 'got null');
  await expectCode(() => tensor([1, 2], 5 as never), 'CONGRUENT_SHAPE', 'must be a tensor { data, shape }');
  await expectCode(() => tensor([1, 2], '2' as never), 'CONGRUENT_SHAPE', 'shape \'["2"]\' is invalid');
  await expectCode(
    () => tensor([1, 2], holed(3, { 0: 2, 2: 1 }) as never),
    'CONGRUENT_SHAPE',
    'is invalid for input of size 2',
  );
  await expectCode(() => tensor([1, 2], new Array(2 ** 32 - 1)), 'CONGRUENT_SHAPE');
});

test('data that was transferred is refused with the shape that it had', () => {
  const data = new Float32Array(2);
  structuredClone(data, { transfer: [data.buffer] });
  return expectCode(() => tensor(data, [2]), 'CONGRUENT_SHAPE', 'invalid for input of size 0');
});

test('a tensor is read once: getters that change give what was checked', () => {
  let reads = 0;
  const shapes = [[2], [9], [9]];
  const checked = checkTensor('x', {
    data: Float32Array.of(1, 2),
    get shape() {
      return shapes[reads++];
    },
  });
  expect(checked.shape).toEqual([2]);
  expect(reads).toBe(1);
});

test('what cannot be read is no tensor', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return expectCode(() => checkTensor('x', proxy), 'CONGRUENT_SHAPE', 'got an unreadable object');
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
  expect(checkTensor('x', foreign, 'float64').data).toBe(foreign.data);
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
