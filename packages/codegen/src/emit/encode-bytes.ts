/** Characters that all are one byte of UTF-8: from $ to ~ as digits, and two before them. */
const [DIGITS, FIRST] = [91, 36];
const PREFIXES = ['', ' ', '!'];

/**
 * Bytes as text that gzip makes smaller than base64 or hexadecimal: how generated code has the bytes of a module. The 91
 * that modules have most are a character each, the others two: 75 less a byte, modulo 256, is 91 times the index of a
 * prefix, plus that of a digit.
 */
export function encodeBytes(bytes: Uint8Array): string {
  const texts = Array.from(bytes, (byte) => {
    const value = (75 - byte) & 255;
    return PREFIXES[Math.floor(value / DIGITS)]! + String.fromCharCode(FIRST + (value % DIGITS));
  });
  return texts.join('');
}
