import { formatError } from './format-error.ts';

/** The most that a memory may take; RNNoise's weights take 4 MB. */
const LARGEST = 2 ** 26;
const DATA_SECTION = 11;

/**
 * The memory that a WebAssembly module begins with: its active data segments, each at its address.
 *
 * @throws CongruentError MODEL_FORMAT
 */
export function memoryImage(module: Uint8Array): Uint8Array {
  const segments = segmentsOf(sectionOf(module, DATA_SECTION));
  const size = Math.max(0, ...segments.map(({ at, bytes }) => at + bytes.length));
  if (size > LARGEST) throw formatError('data section', `${size} bytes of memory, expected at most ${LARGEST}`);
  const memory = new Uint8Array(size);
  for (const { at, bytes } of segments) memory.set(bytes, at);
  return memory;
}

interface Segment {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** https://webassembly.github.io/spec/core/binary/modules.html#data-section */
function segmentsOf(section: Reader): readonly Segment[] {
  return Array.from({ length: section.count() }, () => {
    const kind = section.unsigned();
    if (kind !== 0) throw formatError('data section', `a segment of kind ${kind}, expected active ones of memory 0`);
    const at = section.constant();
    return { at, bytes: section.bytes(section.unsigned()) };
  });
}

/** The content of a section, the first of its kind. */
function sectionOf(module: Uint8Array, wanted: number): Reader {
  const reader = new Reader(module);
  const header = reader.bytes(8);
  if (String.fromCharCode(...header.subarray(0, 4)) !== '\0asm') {
    throw formatError('module', 'it does not begin with \\0asm, as WebAssembly does');
  }
  for (;;) {
    const kind = reader.unsigned();
    const content = reader.bytes(reader.unsigned());
    if (kind === wanted) return new Reader(content);
  }
}

/** Reads the binary format of WebAssembly from the front. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bytes(length: number): Uint8Array {
    const left = this.#bytes.length - this.#at;
    if (length > left) throw formatError('module', `it ends ${length - left} bytes too early`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** LEB128 of at most 32 bits. */
  unsigned(): number {
    return this.#leb128().value >>> 0;
  }

  /** How many there are of what takes at least a byte each. */
  count(): number {
    const count = this.unsigned();
    const left = this.#bytes.length - this.#at;
    if (count > left) throw formatError('module', `${count} entries in ${left} bytes`);
    return count;
  }

  /** An address: `i32.const`, the number with its sign, `end`. */
  constant(): number {
    const [i32Const, end] = [0x41, 0x0b];
    const [opcode] = this.bytes(1);
    const { value, bits, negative } = this.#leb128();
    const [last] = this.bytes(1);
    if (opcode !== i32Const || last !== end)
      throw formatError('data section', 'the address of a segment is no i32.const');
    return (negative && bits < 32 ? value | (-1 << bits) : value) >>> 0;
  }

  #leb128(): { readonly value: number; readonly bits: number; readonly negative: boolean } {
    let value = 0;
    for (let bits = 0; bits < 35; bits += 7) {
      const byte = this.bytes(1)[0]!;
      value |= (byte & 127) << bits;
      if (byte < 128) return { value, bits: bits + 7, negative: (byte & 64) !== 0 };
    }
    throw formatError('module', 'a number of more than 32 bits');
  }
}
