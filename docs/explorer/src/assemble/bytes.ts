/** A whole number from 0 up to 2^32 in groups of seven bits, the lowest first (LEB128). */
export function unsigned(value: number): number[] {
  const low = value & 127;
  return value < 128 ? [value] : [low | 128, ...unsigned(value >>> 7)];
}

/** A number of 32 bits with its sign, in groups of seven bits. */
export function signed(value: number): number[] {
  if (value >= -64 && value < 64) return [value & 127];
  return [(value & 127) | 128, ...signed(value >> 7)];
}

/** The four or eight bytes of a number, the lowest first. */
export function float(value: number, bytes: 4 | 8): number[] {
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return Array.from(new Uint8Array(view.buffer));
}

/** Characters of ASCII, their number before them. */
export const name = (text: string): number[] => [
  ...unsigned(text.length),
  ...Array.from(text, (character) => character.charCodeAt(0)),
];

/** Entries one after the other, their number before them. */
export const vector = (entries: readonly (readonly number[])[]): number[] => [
  ...unsigned(entries.length),
  ...entries.flat(),
];

/** Bytes with their number before them. */
export function sized(bytes: readonly number[]): number[] {
  const whole = unsigned(bytes.length);
  for (const byte of bytes) whole.push(byte);
  return whole;
}
