import type { StoredDType } from '@congruent/runtime';
import { formatError } from '../../errors.ts';
import { unsigned } from './object-header.ts';

const FIXED_POINT = 0;
const FLOATING_POINT = 1;
const OPAQUE = 5;
const ENUMERATED = 8;

/** A type of numbers, and how its bytes lie. */
export interface ElementFormat {
  readonly dtype: StoredDType;
  readonly littleEndian: boolean;
}

/** Bits of the exponent and of the fraction, and the exponent's bias. */
const IEEE: Readonly<Record<string, StoredDType>> = {
  '5,10,15': 'float16',
  '8,7,127': 'bfloat16',
  '8,23,127': 'float32',
  '11,52,1023': 'float64',
};

/**
 * The numbers that a datatype message describes; `undefined` where it is none of numbers. Specification IV.A.2.d.
 *
 * @param declared  the dtype that Keras writes beside: HDF5 has no name for bfloat16, which is then stored as it is
 * @throws MODEL_FORMAT for numbers that are none of a machine's
 */
export function elementFormat(view: DataView, at: number, declared?: string): ElementFormat | undefined {
  const kind = view.getUint8(at) & 15;
  const bits = view.getUint8(at + 1);
  const bytes = unsigned(view, at + 4, 4);
  const littleEndian = (bits & 1) === 0;
  if (kind === ENUMERATED) {
    // h5py writes a bool as one of two names for a byte.
    return bytes === 1 && view.getUint16(at + 1, true) === 2 ? { dtype: 'bool', littleEndian: true } : undefined;
  }
  if (kind === OPAQUE)
    return bytes === 2 && declared === 'bfloat16' ? { dtype: 'bfloat16', littleEndian: true } : undefined;
  if (kind !== FIXED_POINT && kind !== FLOATING_POINT) return undefined;
  const dtype = kind === FIXED_POINT ? integer(view, at, bits, bytes) : float(view, at, bits, bytes);
  if (dtype) return { dtype, littleEndian };
  throw formatError(
    'HDF5',
    '',
    `numbers of ${bytes} bytes that are neither IEEE 754 nor two's complement`,
    'Save the weights as float32',
  );
}

function integer(view: DataView, at: number, bits: number, bytes: number): StoredDType | undefined {
  const whole = view.getUint16(at + 8, true) === 0 && view.getUint16(at + 10, true) === 8 * bytes;
  if (!whole || ![1, 2, 4, 8].includes(bytes)) return undefined;
  return `${bits & 8 ? '' : 'u'}int${8 * bytes}` as StoredDType;
}

function float(view: DataView, at: number, bits: number, bytes: number): StoredDType | undefined {
  const [exponentAt, exponent, fractionAt, fraction] = [12, 13, 14, 15].map((offset) => view.getUint8(at + offset));
  const size = 8 * bytes;
  const signAt = view.getUint8(at + 2);
  // The leading 1 is not stored, the byte order is none of a VAX, and sign, exponent and fraction lie one after the other.
  const usual = (bits & 0x70) === 0x20 && signAt === size - 1 && fractionAt === 0 && exponentAt === fraction;
  const dtype = IEEE[`${exponent},${fraction},${unsigned(view, at + 16, 4)}`];
  return usual && exponent! + fraction! + 1 === size ? dtype : undefined;
}

/** What a dataspace message says: the dimensions; a number has none, and nothing at all is `undefined`. Specification IV.A.2.b. */
export function extentOf(
  view: DataView,
  at: number,
): { readonly shape: readonly number[] | undefined; readonly count: number } {
  const version = view.getUint8(at);
  const rank = view.getUint8(at + 1);
  if (version !== 1 && version !== 2) {
    throw formatError('HDF5', '', `a dataspace of version ${version}, not 1 or 2`, 'Get the file again');
  }
  if (version === 2 && view.getUint8(at + 3) === 2) return { shape: undefined, count: 0 };
  const dimsAt = at + (version === 1 ? 8 : 4);
  const shape = Array.from({ length: rank }, (_, k) => unsigned(view, dimsAt + 8 * k, 8));
  return { shape, count: shape.reduce((product, size) => product * size, 1) };
}
