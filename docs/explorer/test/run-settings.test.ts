import { compile, signatureOf } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { twoInputs } from '@congruent/spec/catalogue';
import { expect, test } from 'vitest';
import { Channel, PERIOD, shapes } from '../src/run/sequence.ts';
import { MOST, sizeOf, sizesIn, textOfSizes, withUsual } from '../src/run/sizes.ts';

const valuesOf = (text: string | undefined, index = 0): readonly number[] => [...new Channel(index, text).values];

test.each(shapes.map((shape) => [shape]))('a channel that is picked, %s, is a word in the address', (shape) => {
  const channel = new Channel(1, undefined);
  channel.pick(shape);
  expect(channel.text).toBe(shape);
  expect(valuesOf(channel.text, 1)).toEqual([...channel.values]);
  expect(channel.values.every((value) => Math.abs(value) <= 1)).toBe(true);
});

test('a drawn channel comes back from the address in every bit, its zeros among them', () => {
  const channel = new Channel(0, undefined);
  channel.draw(0, 0);
  channel.draw(PERIOD - 1, 17);
  channel.draw(3, -0.5);
  expect(channel.shape).toBeUndefined();
  expect(channel.values[0]).toBe(0);
  expect(channel.values[PERIOD - 1]).toBe(1);
  expect(channel.text).toMatch(new RegExp(`^_[\\w-]{${PERIOD}}$`));
  expect(valuesOf(channel.text)).toEqual([...channel.values]);
});

test.each([[undefined], ['circle'], ['_AB'], [`_${'.'.repeat(PERIOD)}`]])(
  'an address with the channel %s has the usual',
  (text) => {
    expect(new Channel(0, text).isUsual).toBe(true);
    expect(valuesOf(text)).toEqual(valuesOf('sine'));
  },
);

test('sizes come back from the address, within bounds, and nonsense is left out', () => {
  const sizes = { I: 3, H: 16 };
  expect(sizesIn(textOfSizes(sizes))).toEqual(sizes);
  expect(sizesIn('H-0-P-9999')).toEqual({ H: 1, P: MOST });
  expect(sizesIn('%$-3--H')).toEqual({});
  expect(textOfSizes({})).toBeUndefined();
  expect([sizeOf(Number.NaN), sizeOf(2.4), sizeOf(1e9)]).toEqual([1, 2, MOST]);
});

test('what no size is given for has a usual one: fewer features than units', () => {
  expect(withUsual(signatureOf(compile(gru)), { H: 5, Z: 2 })).toEqual({ I: 4, H: 5 });
  expect(withUsual(signatureOf(compile(twoInputs)), {})).toEqual({ I: 4, M: 4, H: 8 });
});
