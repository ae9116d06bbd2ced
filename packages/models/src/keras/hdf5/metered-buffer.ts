import { formatError, unsafeError } from '../../errors.ts';
import { walkHeader } from './object-header.ts';

/** Bytes of an entry of a v1 tree, of those that every kind of them has. */
const ENTRY_BYTES = 16;
/** What a visit of a structure costs beside the bytes taken. */
const VISIT = 16;

/** An HDF5 file as jsfive takes it. */
export interface MeteredBuffer {
  readonly buffer: ArrayBuffer;
  /** Reads while no more than a number of slices are taken. */
  atMost<T>(slices: number, read: () => T): T;
}

/**
 * A copy of an HDF5 file that jsfive cannot read forever.
 *
 * jsfive follows whatever addresses a file has, has no limits of its own, and does not notice where a file ends. But it takes
 * a slice of the buffer for each structure that it visits: for the signature of a node or a heap, for each message of a v1
 * header, for names, for data. So the buffer counts. A slice beyond its end says that the file is cut off; one too many, that
 * parts of it lie over each other, which no writer makes. The work and the memory of reading are thereby bounded by a small
 * multiple of the file's size.
 *
 * @throws MODEL_FORMAT, MODEL_UNSAFE, when slices are taken
 */
export function meteredBuffer(bytes: Uint8Array): MeteredBuffer {
  const buffer = new ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  const view = new DataView(buffer);
  // Every structure is read once or twice.
  let left = 16 * bytes.length + 0x100000;
  let slices = Number.POSITIVE_INFINITY;
  const spend = (cost: number): void => {
    left -= cost;
    if (!(left >= 0)) throw overlapping();
  };
  const slice = (length: number): void => {
    if (--slices < 0) throw overlapping();
    spend(VISIT + length);
  };
  return {
    buffer: metered(buffer, slice, (at) => spend(following(view, at, spend))),
    atMost(count, read) {
      slices = count;
      try {
        return read();
      } finally {
        slices = Number.POSITIVE_INFINITY;
      }
    },
  };
}

/** No writer puts one structure over another. */
export const overlapping = (): Error =>
  unsafeError('HDF5', '', 'its parts lie over each other', 'It is damaged: save the model again');

/** An address leads out of the file. */
export const cutOff = (end: number, size: number): Error =>
  formatError(
    'HDF5',
    '',
    `it is truncated: it has ${size} bytes, but refers to byte ${end}`,
    'It is cut off or damaged: get the whole file',
  );

/** Gives a buffer, and what is sliced of it, a `slice` that is paid for. Only the whole buffer holds signatures. */
function metered(buffer: ArrayBuffer, pay: (length: number) => void, signature?: (at: number) => void): ArrayBuffer {
  const size = buffer.byteLength;
  const slice = (from = 0, to = size): ArrayBuffer => {
    const end = to < 0 ? size + to : to;
    if (!(from >= 0 && end >= from && end <= size)) throw cutOff(Math.max(from, end), size);
    pay(end - from);
    if (end - from === 4) signature?.(from);
    return metered(ArrayBuffer.prototype.slice.call(buffer, from, end), pay);
  };
  return Object.defineProperty(buffer, 'slice', { value: slice });
}

/** The work that follows on the signature at an address: what jsfive does without taking another slice. */
function following(view: DataView, at: number, spend: (cost: number) => void): number {
  if (at + 8 > view.byteLength) return 0;
  switch (view.getUint32(at)) {
    case 0x4f484452: // OHDR: the header of an object
      walkHeader(view, at, spend);
      return 0;
    case 0x46484942: // FHIB: a table of blocks, which may reach to the end of the file
      return view.byteLength;
    case 0x42544c46: // BTLF and BTIN, nodes of a v2 tree: a slice is taken for each record
    case 0x4254494e:
    case 0x46484442: // FHDB: a block of data
      return 0;
    default: // TREE and SNOD have the number of entries here. jsfive takes for a TREE whatever lies at its address.
      return view.getUint16(at + 6, true) * ENTRY_BYTES;
  }
}
