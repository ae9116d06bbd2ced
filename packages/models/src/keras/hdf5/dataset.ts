/// <reference path="./jsfive.d.ts" />
import { bytesPerElement, readElements, type StoredTensor } from '@congruent/runtime';
import type { Dataset, HeaderMessage } from 'jsfive';
import { formatError, shortened, unsafeError } from '../../errors.ts';
import { textAt } from './attributes.ts';
import { type ChunkedData, readChunks } from './chunks.ts';
import { type ElementFormat, elementFormat, extentOf } from './datatype.ts';
import { cutOff, type MeteredBuffer, overlapping } from './metered-buffer.ts';
import { isUndefined, unsigned } from './object-header.ts';

const DATASPACE = 0x01;
const DATATYPE = 0x03;
const EXTERNAL = 0x07;
const LAYOUT = 0x08;
const FILTERS = 0x0b;
const SHARED = 2;

/** What the datasets of a file may still take. */
export interface Allowance {
  /** Bytes in the file that are read as they are; no two datasets share any. */
  stored: number;
  /** Bytes that chunks may become, which can be compressed. */
  expanded: number;
}

/**
 * A dataset of numbers; `undefined` where it has none (text, records). What lies in one piece is read from the file; chunks
 * are put together by jsfive.
 *
 * @param path  as messages call it
 * @throws MODEL_FORMAT, MODEL_UNSAFE
 */
export function readDataset(
  metered: MeteredBuffer,
  dataset: Dataset,
  path: string,
  declared: string | undefined,
  allowance: Allowance,
): StoredTensor | undefined {
  const view = new DataView(metered.buffer);
  const at = (type: number): number | undefined => messageAt(dataset._dataobjects.msgs, type, path);
  const [typeAt, spaceAt, layoutAt, externalAt] = [DATATYPE, DATASPACE, LAYOUT, EXTERNAL].map(at);
  if (externalAt !== undefined) throw externalStorage(view, externalAt, path);
  if (typeAt === undefined || spaceAt === undefined || layoutAt === undefined) {
    throw refused(path, 'it has no datatype, dataspace or layout', 'It is damaged: save the model again');
  }
  const format = elementFormat(view, typeAt, declared);
  const { shape, count } = extentOf(view, spaceAt);
  if (!format || !shape) return undefined;
  const bytes = count * bytesPerElement(format.dtype);
  const layout = layoutOf(view, layoutAt, path);
  if (layout.kind === 'chunked') {
    const data: ChunkedData = { path, shape, format, filtered: at(FILTERS) !== undefined, chunk: layout.chunk };
    return readChunks(dataset, data, metered, allowance);
  }
  if (count > 0 && isUndefined(layout.at)) throw unwritten(path);
  if (layout.bytes < bytes) throw refused(path, `shape [${shape}] needs ${bytes} bytes, it has ${layout.bytes}`, AGAIN);
  if (count > 0 && layout.at + bytes > view.byteLength) throw cutOff(layout.at + bytes, view.byteLength);
  allowance.stored -= bytes;
  if (allowance.stored < 0) throw overlapping();
  return { data: stored(view, layout.at, bytes, format), shape, dtype: format.dtype };
}

const stored = (view: DataView, at: number, bytes: number, format: ElementFormat): StoredTensor['data'] =>
  readElements(format.dtype, new DataView(view.buffer, bytes === 0 ? 0 : at, bytes), format.littleEndian);

const AGAIN = "It is damaged, or not Keras's own: save the model again with model.save()";

export const refused = (path: string, problem: string, remedy: string): Error =>
  formatError('HDF5', `dataset ${shortened(path)}`, problem, remedy);

export const unwritten = (path: string): Error =>
  refused(path, 'parts of it were never written', 'Save the model again');

/** Where the first message of a type is. */
function messageAt(messages: readonly HeaderMessage[], type: number, path: string): number | undefined {
  const message = messages.find((each) => each.get('type') === type);
  if (message && message.get('flags') & SHARED) {
    throw refused(path, 'it shares its datatype or dataspace with others, which is not read', AGAIN);
  }
  return message?.get('offset_to_message');
}

type Layout =
  | { readonly kind: 'whole'; readonly at: number; readonly bytes: number }
  | { readonly kind: 'chunked'; readonly chunk: readonly number[] };

/** Specification IV.A.2.i. */
function layoutOf(view: DataView, at: number, path: string): Layout {
  const version = view.getUint8(at);
  const kind = view.getUint8(at + 1);
  if (version === 3 || version === 4) {
    if (kind === 0) return { kind: 'whole', at: at + 4, bytes: unsigned(view, at + 2, 2) };
    if (kind === 1) return { kind: 'whole', at: unsigned(view, at + 2, 8), bytes: unsigned(view, at + 10, 8) };
    if (kind === 2 && version === 3) {
      // The last dimension is the bytes of an element.
      const rank = view.getUint8(at + 2) - 1;
      const chunk = Array.from({ length: Math.max(rank, 0) }, (_, k) => unsigned(view, at + 11 + 4 * k, 4));
      return { kind: 'chunked', chunk };
    }
  }
  const what = kind === 2 ? 'chunks' : `storage of class ${kind}`;
  throw refused(path, `${what} of layout version ${version} are not read`, "Save it without h5py's libver='latest'");
}

/** Where the first of the external files is named. Specification IV.A.2.h. */
function externalStorage(view: DataView, at: number, path: string): Error {
  const heap = unsigned(view, at + 8, 8);
  const nameAt = unsigned(view, heap + 24, 8) + unsigned(view, at + 16, 8);
  const name = shortened(textAt(view, nameAt, 256));
  return unsafeError(
    'HDF5',
    `dataset ${shortened(path)}`,
    `its numbers are in an external file, ${name}, which is not opened`,
    'Save the model with its weights inside',
  );
}
