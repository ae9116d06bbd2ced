/** So many names tell what an archive is. */
const MOST = 1000;

/**
 * The names in a zip archive by its directory, or where that is cut off the first one; for finding out what it is, so that
 * nothing is an error.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16
 */
export function zipNames(bytes: Uint8Array): readonly string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const is = (signature: number, at: number): boolean =>
    at + 4 <= bytes.length && view.getUint32(at, true) === signature;
  const text = (at: number, length: number): string =>
    String.fromCharCode(...bytes.subarray(at, at + length).slice(0, 1024));
  const names: string[] = [];
  let at = directoryOf(bytes, is, view);
  while (names.length < MOST && is(0x02014b50, at) && at + 46 <= bytes.length) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    names.push(text(at + 46, name));
    at += 46 + name + extra + comment;
  }
  if (names.length === 0 && is(0x04034b50, 0) && bytes.length >= 30) names.push(text(30, view.getUint16(26, true)));
  return names;
}

/** Where the directory begins; the end where none is found. A comment of at most 65,535 bytes follows its record. */
function directoryOf(bytes: Uint8Array, is: (signature: number, at: number) => boolean, view: DataView): number {
  for (let at = bytes.length - 22; at >= 0 && at >= bytes.length - 22 - 65_535; at--) {
    if (is(0x06054b50, at)) return view.getUint32(at + 16, true);
  }
  return bytes.length;
}
