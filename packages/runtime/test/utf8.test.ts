import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeByLanguage, decodeUTF8 } from '../src/formats/utf8.ts';

const decoders = { decodeUTF8, decodeByLanguage };

test.each(Object.entries(decoders))(
  '%s gives back any text, with characters across the ends of its parts',
  (_, decode) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), fc.nat(9000), (text, padding) => {
        const whole = `${'a'.repeat(padding)}${text}\uFEFF${text}`;
        expect(decode(new TextEncoder().encode(whole))).toBe(whole);
      }),
      { numRuns: 100 },
    );
  },
);

test.each(Object.entries(decoders))('%s refuses bytes that are not UTF-8', (_, decode) => {
  for (const bytes of [[0xff], [0xc3], [0xe2, 0x82], [0xc0, 0x80], [0xed, 0xa0, 0x80]]) {
    expect(() => decode(Uint8Array.from(bytes))).toThrow(URIError);
  }
});

test('memory that is shared is decoded, too', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(2));
  shared.set([0x68, 0x69]);
  expect(decodeUTF8(shared)).toBe('hi');
});
