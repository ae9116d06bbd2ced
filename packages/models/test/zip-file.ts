/** Where the directory of a zip archive has the fields of a record, all of four bytes but the first. */
export const [METHOD, CHECKSUM, COMPRESSED, ORIGINAL, OFFSET] = [10, 16, 20, 24, 42];

/** Where the records of the directory begin. */
function recordsOf(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from(bytes.keys()).filter((at) => at + 4 <= bytes.length && view.getUint32(at, true) === 0x02014b50);
}

/** A number that says something of a record in the directory of a zip archive, changed. */
export function lying(file: Uint8Array, record: number, field: number, value: number): Uint8Array {
  const bytes = file.slice();
  new DataView(bytes.buffer).setUint32(recordsOf(bytes)[record]! + field, value, true);
  return bytes;
}

/** Without checksums, so that what is changed in it is not found by them. */
export const unchecked = (file: Uint8Array): Uint8Array =>
  recordsOf(file).reduce((bytes, _, record) => lying(bytes, record, CHECKSUM, 0), file);
