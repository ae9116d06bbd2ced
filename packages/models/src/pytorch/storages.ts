import type { StoredDType } from '@congruent/runtime';
import { formatError } from '../errors.ts';
import type { Persistent } from './machine.ts';
import { isOf, type Storage, type Value } from './values.ts';

/** The types of elements by the names of their storages: what they are read as, if at all, and their bytes. */
const TYPES: Readonly<Record<string, readonly [bytes: number, dtype?: StoredDType]>> = {
  Float: [4, 'float32'],
  Double: [8, 'float64'],
  Half: [2, 'float16'],
  BFloat16: [2, 'bfloat16'],
  Char: [1, 'int8'],
  Byte: [1, 'uint8'],
  Short: [2, 'int16'],
  Int: [4, 'int32'],
  Long: [8, 'int64'],
  Bool: [1, 'bool'],
  ComplexFloat: [8],
  ComplexDouble: [16],
  QInt8: [1],
  QUInt8: [1],
  QInt32: [4],
  QUInt4x2: [1],
  QUInt2x4: [1],
  Untyped: [1],
};

const CLASS = /^torch\.(?:cuda\.|storage\.)?_?(?<type>\w+)Storage$/;

/** Whether this is the name of a class of storages. */
export const isStorageClass = (name: string): boolean => Object.hasOwn(TYPES, CLASS.exec(name)?.groups?.['type'] ?? '');

/**
 * What is stored elsewhere, by its persistent id: a storage, of which `seen` is told, or in old files of whole modules a
 * class with its source.
 */
export const storedElsewhere =
  (place: string, seen?: (storage: Storage) => void): Persistent =>
  (id) => {
    const items = isOf('sequence', id) ? id.items : [];
    if (items[0] === 'module' && isOf('global', items[1])) return items[1];
    const storage = items[0] === 'storage' ? storageOf(items) : undefined;
    if (!storage)
      throw formatError('PyTorch', place, 'it refers to what is no storage', 'Save it again with torch.save');
    seen?.(storage);
    return storage;
  };

/** The storage that a persistent id tells: `('storage', class, key, location, length, …)`. */
function storageOf(id: readonly Value[]): Storage | undefined {
  const [, of, key, , length, part] = id;
  const type = isOf('global', of) ? (CLASS.exec(of.name)?.groups?.['type'] ?? '') : '';
  const isLength = typeof length === 'number' && Number.isSafeInteger(length) && length >= 0;
  // Part of another storage: torch.save no longer writes these.
  if (part !== undefined && part !== null) return undefined;
  if (typeof key !== 'string' || !isLength || !Object.hasOwn(TYPES, type)) return undefined;
  const [bytesPerElement, dtype] = TYPES[type]!;
  return { kind: 'storage', key, type, dtype, bytesPerElement, length };
}
