import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';

/** How a value is replaced, by name: what prints, and is the same each time. */
export type Hostile = (old: unknown) => unknown;

class Point {
  x = 1;
}

/** Says that it is longer than it is. */
class Longer extends Float32Array {
  override get length(): number {
    return 2 ** 31;
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const throwing = (): never => {
  throw new TypeError('a getter of the caller');
};

/** The properties of an object, each with a getter. */
const withGetters = (old: object, get: (name: string, times: number) => unknown): object => {
  const made = Array.isArray(old) ? [] : {};
  for (const name of Object.keys(old)) {
    let times = 0;
    Object.defineProperty(made, name, { enumerable: true, get: () => get(name, times++) });
  }
  return made;
};

const entry = (old: object, name: string): unknown => (old as Record<string, unknown>)[name];

/** Of an array that claims more elements nothing is made: it is as hostile as can be, and copies have no room. */
const MOST = 1e6;

/** What makes values of another realm, of those of this one. */
const otherRealm: (value: unknown) => unknown = runInNewContext(`(function made(value) {
  if (value === null || typeof value !== 'object') return value;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (/^(Float|Int|Uint|BigInt|BigUint)\\w*Array$/.test(tag)) return globalThis[tag].from(value);
  if (Array.isArray(value)) return value.length > ${MOST} ? value : Array.from(value, made);
  const copy = {};
  for (const name of Object.keys(value)) copy[name] = made(value[name]);
  return copy;
})`);

/** Values that stand where any other should. */
const VALUES: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  NaN: () => Number.NaN,
  infinity: () => Number.POSITIVE_INFINITY,
  minusOne: () => -1,
  zero: () => 0,
  half: () => 0.5,
  two: () => 2,
  large: () => 2 ** 32,
  largest: () => 2 ** 53 - 1,
  beyond: () => 1e308,
  emptyText: () => '',
  numeral: () => '5',
  longText: () => 'x'.repeat(10_000),
  symbol: () => Symbol('s'),
  bigint: () => 5n,
  function: () => () => 1,
  emptyObject: () => ({}),
  withoutPrototype: () => Object.create(null),
  emptyArray: () => [],
  date: () => new Date(0),
  instance: () => new Point(),
  regexp: () => /a/g,
  map: () => new Map([[1, 2]]),
  promise: () => Promise.resolve(1),
  emptyHoles: () => new Array(2 ** 32 - 1),
  lengthLie: () => ({ length: 2 ** 53 - 1 }),
  negativeLength: () => ({ length: -1 }),
  tagged: () => ({ [Symbol.toStringTag]: 'Float32Array', length: 6 }),
  numbers: () => [1, 2, 3],
  float32: () => new Float32Array(6),
  float64: () => new Float64Array(6),
  int32: () => new Int32Array(6),
  bigints: () => new BigInt64Array(6),
  dataView: () => new DataView(new ArrayBuffer(24)),
  arrayBuffer: () => new ArrayBuffer(24),
  revoked: () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  revokedArray: () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy;
  },
  throwingProxy: () => new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing, getPrototypeOf: throwing }),
  primitiveTrouble: () => ({ [Symbol.toPrimitive]: throwing, toString: throwing, toJSON: throwing }),
  cyclic: () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    return value;
  },
};

/** What is made of the value that is there. */
const CHANGES: Readonly<Record<string, Hostile>> = {
  otherRealm,
  frozen: (old) => (isObject(old) && !ArrayBuffer.isView(old) ? Object.freeze(old) : old),
  proxied: (old) => (isObject(old) ? new Proxy(old, {}) : old),
  holes: (old) => (Array.isArray(old) ? new Array(old.length) : old),
  longer: (old) => (Array.isArray(old) ? [...old, ...old] : old),
  shorter: (old) => (Array.isArray(old) ? old.slice(1) : old),
  asText: (old) => (isObject(old) ? old : String(old)),
  more: (old) => (isObject(old) && !ArrayBuffer.isView(old) ? { ...old, input_size: 3, [Symbol('s')]: 1 } : old),
  proto: (old) => (isObject(old) ? Object.create(old) : old),
  throwingGetters: (old) => (isObject(old) && !ArrayBuffer.isView(old) ? withGetters(old, throwing) : old),
  changingGetters: (old) =>
    isObject(old) && !ArrayBuffer.isView(old)
      ? withGetters(old, (name, times) => (times === 0 ? entry(old, name) : undefined))
      : old,
  detached: (old) => {
    if (ArrayBuffer.isView(old)) structuredClone(old.buffer, { transfer: [old.buffer as ArrayBuffer] });
    return old;
  },
  shared: (old) => (old instanceof Float32Array ? new Float32Array(new SharedArrayBuffer(old.byteLength)) : old),
  shrunk: (old) => {
    if (!(old instanceof Float32Array)) return old;
    const buffer = new (ArrayBuffer as unknown as Resizable)(old.byteLength, { maxByteLength: old.byteLength });
    const view = new Float32Array(buffer);
    buffer.resize(0);
    return view;
  },
  falseLength: (old) => (old instanceof Float32Array ? new Longer(old) : old),
  nan: (old) => (old instanceof Float32Array ? old.fill(Number.NaN) : old),
};

/** Not in the library of ES2023. */
interface Resizable {
  new (length: number, options: { readonly maxByteLength: number }): ArrayBuffer & { resize(length: number): void };
}

const ALL: Readonly<Record<string, Hostile>> = { ...VALUES, ...CHANGES };

/** One of them, by name. */
export const hostile: fc.Arbitrary<string> = fc.constantFrom(...Object.keys(ALL));

export const hostileOf = (name: string, old: unknown): unknown =>
  name in CHANGES && Array.isArray(old) && old.length > MOST ? old : ALL[name]!(old);
