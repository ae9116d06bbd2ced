import { formatError } from './format-error.ts';

/** An array of weights in memory. */
export interface Table {
  readonly name: string;
  readonly values: Float32Array | Int32Array | Int8Array;
}

/** Bytes of a record: the address of its name, the type and the bytes of its data, their address. */
const RECORD = 16;

/** Element types by RNNoise's numbers. */
const TYPES: Readonly<Record<number, Float32ArrayConstructor | Int32ArrayConstructor | Int8ArrayConstructor>> = {
  0: Float32Array,
  1: Int32Array,
  3: Int8Array,
};

/**
 * The arrays of RNNoise's weights, by name: its memory holds a list of records, all that stand around that of `first`.
 *
 * @throws CongruentError MODEL_FORMAT
 */
export function tablesIn(memory: Uint8Array, first: string): ReadonlyMap<string, Table> {
  const start = recordOf(memory, first);
  const found = new Map<string, Table>();
  for (const step of [RECORD, -RECORD]) {
    for (let at = step > 0 ? start : start + step; ; at += step) {
      const table = tableAt(memory, at);
      if (!table) break;
      found.set(table.name, table);
    }
  }
  return found;
}

/** Where the record with a name is: at a multiple of 4 stands the address of the name, which ends with a NUL. */
function recordOf(memory: Uint8Array, name: string): number {
  const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.length);
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length >> 2);
  const text = `${name}\0`;
  for (let nameAt = bytes.indexOf(text); nameAt >= 0; nameAt = bytes.indexOf(text, nameAt + 1)) {
    for (let index = words.indexOf(nameAt); index >= 0; index = words.indexOf(nameAt, index + 1)) {
      if (tableAt(memory, 4 * index)) return 4 * index;
    }
  }
  throw formatError(name, 'no record has this name');
}

/** What a record describes; undefined where none is. */
function tableAt(memory: Uint8Array, at: number): Table | undefined {
  if (at < 0 || at + RECORD > memory.length) return undefined;
  const [nameAt, type, bytes, dataAt] = new Uint32Array(memory.slice(at, at + RECORD).buffer) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const name = nameIn(memory, nameAt);
  const Values = TYPES[type];
  if (!name || !Values || bytes === 0 || bytes % Values.BYTES_PER_ELEMENT !== 0 || dataAt + bytes > memory.length) {
    return undefined;
  }
  return { name, values: new Values(memory.slice(dataAt, dataAt + bytes).buffer) };
}

/** The name at an address, e.g. `gru1_input_weights_idx`. */
function nameIn(memory: Uint8Array, at: number): string | undefined {
  const end = at > 0 ? memory.indexOf(0, at) : -1;
  const name = end > at && end - at < 64 ? String.fromCharCode(...memory.subarray(at, end)) : '';
  return /^[a-z]\w*$/.test(name) ? name : undefined;
}
