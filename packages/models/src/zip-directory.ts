/** So many names tell what an archive is. */
const MOST = 1000;

/** What the directory of a zip archive says of a record. */
interface ZipRecord {
  readonly name: string;
  /** CRC-32 of its bytes before they were compressed. */
  readonly checksum: number;
}

/**
 * The names in a zip archive by its directory, or where that is cut off the first one; for finding out what it is, so that
 * nothing is an error.
 */
export function zipNames(bytes: Uint8Array): readonly string[] {
  const records = zipRecords(bytes, MOST);
  const isCut = records.length === 0 && bytes.length >= 30;
  return isCut && is(bytes, 0x04034b50, 0) ? [text(bytes, 30, uint(bytes, 26, 2))] : records.map(({ name }) => name);
}

/**
 * The first records of a zip archive in the order of its directory, as far as that can be read.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16
 */
export function zipRecords(bytes: Uint8Array, most: number): readonly ZipRecord[] {
  const records: ZipRecord[] = [];
  let at = directoryOf(bytes);
  while (records.length < most && is(bytes, 0x02014b50, at) && at + 46 <= bytes.length) {
    const [name = 0, extra = 0, comment = 0] = [28, 30, 32].map((field) => uint(bytes, at + field, 2));
    records.push({ name: text(bytes, at + 46, name), checksum: uint(bytes, at + 16, 4) });
    at += 46 + name + extra + comment;
  }
  return records;
}

/** A little-endian number. */
const uint = (bytes: Uint8Array, at: number, size: 2 | 4): number =>
  bytes.subarray(at, at + size).reduceRight((number, byte) => number * 256 + byte, 0);

const is = (bytes: Uint8Array, signature: number, at: number): boolean => uint(bytes, at, 4) === signature;

const text = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length).slice(0, 1024));

/** Where the directory begins; the end where none is found. A comment of at most 65,535 bytes follows its record. */
function directoryOf(bytes: Uint8Array): number {
  for (let at = bytes.length - 22; at >= 0 && at >= bytes.length - 22 - 65_535; at--) {
    if (is(bytes, 0x06054b50, at)) return uint(bytes, at + 16, 4);
  }
  return bytes.length;
}
