import { formatError, shortened } from '../errors.ts';
import { unpickle } from './pickle.ts';
import { storedElsewhere } from './storages.ts';
import type { Stored } from './tensors.ts';
import { isOf, type Storage, type Value } from './values.ts';

/** What torch.save puts first. */
const MAGIC = 0x1950a86a20f9469cfc6cn;

/**
 * The format of torch.save before 1.6, or with `_use_new_zipfile_serialization=False`: pickles of the magic number, the
 * version, the machine, the object and the keys of its storages; then the storages in the order of the keys, each behind
 * the number of its elements. Numbers are little-endian whatever the machine was.
 *
 * @throws MODEL_FORMAT, MODEL_UNSAFE
 */
export function readLegacy(bytes: Uint8Array): Stored {
  const storages = new Map<string, Storage>();
  const persistent = storedElsewhere('the pickle', (storage) => storages.set(storage.key, storage));
  let at = 0;
  const next = (place: string): Value => {
    const { value, end } = unpickle(bytes, at, place, persistent);
    at = end;
    return value;
  };
  if (next('the first pickle') !== MAGIC) {
    const problem = 'it is a Python pickle that torch.save did not write';
    throw formatError('PyTorch', '', problem, 'Save a state dict: torch.save(model.state_dict(), path)');
  }
  next('the version');
  next('the description of the machine');
  const root = next('the pickle');
  const keys = next('the keys of the storages');
  const data = readStorages(bytes, at, isOf('sequence', keys) ? keys.items : [], storages);
  return { root, littleEndian: true, bytesOf: (key) => data.get(key), codeOf: () => undefined };
}

function readStorages(
  bytes: Uint8Array,
  start: number,
  keys: readonly Value[],
  storages: ReadonlyMap<string, Storage>,
): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  let at = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage) throw damaged('the keys of the storages', 'one is that of no storage');
    const place = `storage ${shortened(storage.key)}`;
    if (bytes.length - at < 8) throw damaged(place, 'the file is cut off before it');
    const length = Number(view.getBigUint64(at, true)) * storage.bytesPerElement;
    at += 8;
    if (length > bytes.length - at)
      throw damaged(place, `it has ${length} bytes, of which ${bytes.length - at} follow`);
    found.set(storage.key, bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}

const damaged = (place: string, problem: string): Error =>
  formatError('PyTorch', place, problem, 'Save it again with torch.save, or fetch it again');
