import { type UnzipFileInfo, unzipSync } from 'fflate';
import { zipRecords } from './zip-directory.ts';

/** By the low byte of what was read so far. Section 4.4.7 of the specification of zip, whose polynomial is written backwards. */
const CRC: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = CRC[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * Records of a zip archive by name, with the sizes and checksums of its directory, which fflate does not look at. A checksum
 * of 0 was not computed: PyTorch writes it where `config.save.compute_crc32` is False, and compares none itself.
 *
 * @param filter   which records are unpacked, of all in the order of the directory
 * @param damaged  the error for a record that has other bytes than were stored
 * @throws what fflate throws
 * @see https://github.com/pytorch/pytorch/pull/137735
 * @see https://github.com/pytorch/pytorch/pull/28858
 */
export function unzip(
  archive: Uint8Array,
  filter: (info: UnzipFileInfo) => boolean,
  damaged: (name: string, problem: string) => Error,
): Readonly<Record<string, Uint8Array>> {
  const directory = zipRecords(archive, Number.POSITIVE_INFINITY).values();
  const stored = new Map<string, readonly [size: number, checksum: number]>();
  const records = unzipSync(archive, {
    filter(info) {
      stored.set(info.name, [info.originalSize, directory.next().value?.checksum ?? 0]);
      return filter(info);
    },
  });
  for (const [name, bytes] of Object.entries(records)) {
    const [size, checksum] = stored.get(name)!;
    if (bytes.length !== size) throw damaged(name, `it has ${bytes.length} bytes, not ${size}`);
    if (checksum !== 0 && checksum !== crc32(bytes)) throw damaged(name, 'its bytes are not those of its checksum');
  }
  return records;
}
