import type { StoredDType } from '@congruent/runtime';

/** What a pickle is made of, as plain data: no value of it is ever a function or a class of ours. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Sequence
  | Dict
  | Global
  | Instance
  | Storage
  | TensorView
  | Unreadable;

/** A list, a tuple or a set. */
export interface Sequence {
  readonly kind: 'sequence';
  readonly items: Value[];
}

export interface Dict {
  readonly kind: 'dict';
  entries: ReadonlyMap<Value, Value>;
}

/** The name of a class or a function of Python, e.g. `collections.OrderedDict`. */
export interface Global {
  readonly kind: 'global';
  readonly name: string;
}

/** An object of a class of Python, of which only what was stored is known. */
export interface Instance {
  readonly kind: 'instance';
  /** The name of its class. */
  readonly of: string;
  /** What its `__dict__` had. */
  state: Value;
}

/** The elements of one or several tensors, which lie elsewhere in the file. */
export interface Storage {
  readonly kind: 'storage';
  readonly key: string;
  /** As PyTorch calls the type of its elements, e.g. `Float`; `Untyped`: bytes, to which a tensor gives a type. */
  readonly type: string;
  /** Undefined where the type is not one that is read, or none. */
  readonly dtype: StoredDType | undefined;
  readonly bytesPerElement: number;
  /** The number of elements. */
  readonly length: number;
}

/** A tensor as PyTorch has it: some of the elements of a storage, in some order. */
export interface TensorView {
  readonly kind: 'tensor';
  readonly storage: Storage;
  readonly dtype: StoredDType;
  /** These three are in elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A tensor that is stored in a way that is not read. */
export interface Unreadable {
  readonly kind: 'unreadable';
  /** E.g. `is a sparse tensor`. */
  readonly problem: string;
}

type Kind = Exclude<Value, null | boolean | number | bigint | string | Uint8Array>;

/** Whether a value is of a kind. */
export const isOf = <K extends Kind['kind']>(kind: K, value: Value | undefined): value is Extract<Kind, { kind: K }> =>
  value !== null && typeof value === 'object' && 'kind' in value && value.kind === kind;

export const sequence = (items: Value[] = []): Sequence => ({ kind: 'sequence', items });

/** Until something is in it, a dict has this one: an empty map takes a hundred times the byte that asks for it. */
const EMPTY: ReadonlyMap<Value, Value> = new Map();

export const dict = (entries: ReadonlyMap<Value, Value> = EMPTY): Dict => ({ kind: 'dict', entries });

/** Sets keys, of pairs of which one follows the other. */
export function setItems(to: Dict, items: readonly Value[]): void {
  const entries = to.entries === EMPTY ? new Map<Value, Value>() : (to.entries as Map<Value, Value>);
  for (let i = 0; i + 1 < items.length; i += 2) entries.set(items[i]!, items[i + 1]!);
  to.entries = entries;
}

/** What stands under a key, if it is a dict. */
export const valueAt = (value: Value | undefined, key: string): Value | undefined =>
  isOf('dict', value) ? value.entries.get(key) : undefined;

/** A value as a message names it, e.g. `a dict with the keys "a", "b"`. */
export function nameOf(value: Value): string {
  if (value === null) return 'None';
  if (typeof value !== 'object') return `a ${typeof value === 'string' ? 'str' : typeof value}`;
  if (value instanceof Uint8Array) return 'bytes';
  switch (value.kind) {
    case 'tensor':
      return `one tensor of the shape [${value.shape.join(', ')}] without a name`;
    case 'sequence':
      return `a list of ${value.items.length}`;
    case 'dict':
      return `a dict with ${keysOf(value)}`;
    case 'global':
      return value.name;
    case 'instance':
      return `an object of ${value.of}`;
    case 'storage':
      return 'a storage';
    case 'unreadable':
      return `one tensor that ${value.problem}`;
  }
}

function keysOf({ entries }: Dict): string {
  const keys = [...entries.keys()].slice(0, 8).map((key) => (typeof key === 'string' ? key.slice(0, 40) : nameOf(key)));
  if (keys.length === 0) return 'no keys';
  return `the keys ${keys.join(', ')}${entries.size > keys.length ? ` and ${entries.size - keys.length} more` : ''}`;
}
