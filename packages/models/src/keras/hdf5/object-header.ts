/** Flags of a v2 header: it has a creation order in each message, and four times. */
const CREATION_ORDER = 0x04;
const TIMES = 0x20;
const CONTINUATION = 0x10;
const MESSAGE_BYTES = 4;

/**
 * Goes once through the messages of a v2 object header, as jsfive will, which takes no slices there: blocks of messages may
 * continue in each other's middle. HDF5 File Format Specification 3.0, IV.A.1.b.
 *
 * @param spend  is told the bytes of each message's header
 */
export function walkHeader(view: DataView, at: number, spend: (cost: number) => void): void {
  const flags = view.getUint8(at + 5);
  const sizeAt = at + 6 + (flags & TIMES ? 16 : 0);
  const extra = flags & CREATION_ORDER ? 2 : 0;
  const sizeBytes = 1 << (flags & 3);
  const blocks = [{ start: sizeAt + sizeBytes, size: unsigned(view, sizeAt, sizeBytes) }];
  const seen = new Set([blocks[0]!.start]);
  for (const { start, size } of blocks) {
    for (let offset = 0; offset < size - MESSAGE_BYTES; ) {
      spend(MESSAGE_BYTES);
      const message = start + offset;
      if (view.getUint8(message) === CONTINUATION) {
        const data = message + MESSAGE_BYTES + extra;
        // Behind the signature OCHK.
        const next = { start: unsigned(view, data, 8) + 4, size: unsigned(view, data + 8, 8) - 4 };
        if (!seen.has(next.start)) blocks.push(next);
        seen.add(next.start);
      }
      offset += MESSAGE_BYTES + view.getUint16(message + 1, true) + extra;
    }
  }
}

/** A little-endian number of 1, 2, 4 or 8 bytes; inexact above 2^53, which is beyond any file. */
export function unsigned(view: DataView, at: number, bytes: number): number {
  if (bytes === 8) return Number(view.getBigUint64(at, true));
  if (bytes === 4) return view.getUint32(at, true);
  return bytes === 2 ? view.getUint16(at, true) : view.getUint8(at);
}

/** The address that stands for none. */
export const isUndefined = (address: number): boolean => address === 2 ** 64;
