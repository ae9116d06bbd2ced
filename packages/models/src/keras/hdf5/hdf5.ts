/// <reference path="./jsfive.d.ts" />
import { CongruentError, type StoredTensor } from '@congruent/runtime';
import { Dataset, File, type Group } from 'jsfive';
import { formatError, shortened } from '../../errors.ts';
import { type Attributes, readAttributes } from './attributes.ts';
import { type Allowance, readDataset } from './dataset.ts';
import { cutOff, type MeteredBuffer, meteredBuffer } from './metered-buffer.ts';
import { isUndefined, unsigned } from './object-header.ts';

/** Groups in groups: Keras has a few more than layers lie in each other. */
const DEEPEST = 64;

/** What an HDF5 file holds, as far as Keras writes it. */
export interface Hdf5 {
  /** Every dataset of numbers by its path, without a slash before it. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The texts of groups' attributes by their paths; that of the file is empty. */
  readonly attributes: ReadonlyMap<string, Attributes>;
}

/**
 * Reads all of an HDF5 file that is in memory, by jsfive.
 *
 * @throws MODEL_FORMAT, MODEL_UNSAFE
 */
export function readHdf5(bytes: Uint8Array): Hdf5 {
  try {
    const metered = meteredBuffer(bytes);
    const view = new DataView(metered.buffer);
    checkSuperblock(view);
    const file = { tensors: new Map<string, StoredTensor>(), attributes: new Map<string, Attributes>() };
    const allowance = { stored: bytes.length, expanded: 64 * bytes.length + 0x1000000 };
    walk(new File(metered.buffer, ''), { ...file, metered, view, allowance, seen: new Set() }, []);
    return file;
  } catch (error) {
    throw ours(error, bytes.length);
  }
}

/** jsfive throws texts, and what JavaScript does at the end of a buffer or at something undefined. */
function ours(error: unknown, size: number): unknown {
  if (error instanceof CongruentError) return error;
  const problem =
    error instanceof RangeError
      ? `it is truncated or damaged: it has ${size} bytes, and refers to others`
      : `its structure is not understood (${typeof error === 'string' ? shortened(error) : 'damaged'})`;
  return formatError('HDF5', '', problem, 'Get the whole file, or save the model again with model.save()', {
    cause: error,
  });
}

/** The end of the file that it states itself, for a message that says by how much it is cut. Specification II.A. */
function checkSuperblock(view: DataView): void {
  const version = view.getUint8(8);
  const oldest = version === 0;
  if (!oldest && version !== 2 && version !== 3) {
    throw formatError('HDF5', '', `superblock of version ${version}, not 0, 2 or 3`, 'Save the model again');
  }
  const baseAt = oldest ? 24 : 12;
  if (unsigned(view, baseAt, 8) !== 0) {
    throw formatError('HDF5', '', 'it has a user block before it', 'Save the model again');
  }
  const end = unsigned(view, baseAt + 16, 8);
  if (end > view.byteLength || isUndefined(end)) throw cutOff(end, view.byteLength);
}

interface Reading {
  readonly tensors: Map<string, StoredTensor>;
  readonly attributes: Map<string, Attributes>;
  readonly metered: MeteredBuffer;
  readonly view: DataView;
  readonly allowance: Allowance;
  /** Addresses of the objects that were met: a hard link may lead back. */
  readonly seen: Set<number>;
}

function walk(group: Group, reading: Reading, path: readonly string[]): void {
  const { metered, view, attributes, seen, tensors, allowance } = reading;
  attributes.set(path.join('/'), readAttributes(view, group._dataobjects));
  if (path.length > DEEPEST) {
    throw formatError('HDF5', '', `groups lie in each other more than ${DEEPEST} deep`, 'Save the model again');
  }
  for (const name of group.keys) {
    const address = group._links[name];
    // Links by name, and into other files, are none that Keras writes.
    if (typeof address !== 'number' || seen.has(address)) continue;
    seen.add(address);
    const object = group.get(name);
    const inside = [...path, name];
    if (object instanceof Dataset) {
      const declared = readAttributes(view, object._dataobjects).get('dtype')?.[0];
      const tensor = readDataset(metered, object, inside.join('/'), declared, allowance);
      if (tensor) tensors.set(inside.join('/'), tensor);
    } else if (object) walk(object, reading, inside);
  }
}
