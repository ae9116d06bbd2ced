import { Buffer as Bytes } from 'node:buffer';
import { arrayOf, type DType } from '@congruent/runtime';
import type { Buffer, Heap } from '../src/heap.ts';
import type { WebAssemblyMemory } from '../src/webassembly.ts';

const GUARD = 256;
const ALIGNMENT = 64;

/** The largest tests find room in them. */
const PAGES = 64;
const PAGE = 65536;

/** All bits set make NaN of float32 and float64 alike. */
const UNTOUCHED: Uint8Array = new Uint8Array((1 + PAGES) * PAGE).fill(0xff);

/**
 * A heap whose buffers have their exact lengths and lie between guards. Whatever has not been written is NaN, in kept
 * buffers too: generated code may count on no zeros.
 */
export interface GuardedHeap extends Heap {
  /** Throws where anything outside of all buffers was written; so does whatever frees a buffer. */
  verify(): void;
}

/** The memory must have the one page that it starts with. */
export function guardedHeap(memory: WebAssemblyMemory, dtype: DType): GuardedHeap {
  const Elements = arrayOf(dtype);
  memory.grow(PAGES);
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(UNTOUCHED);
  const [kept, pushed]: [Buffer[], Buffer[]] = [[], []];
  const endOf = ({ at, length }: Buffer): number => at + length * Elements.BYTES_PER_ELEMENT;
  const place = (length: number): Buffer => {
    const last = pushed.at(-1) ?? kept.at(-1);
    const at = Math.ceil(((last ? endOf(last) : 0) + GUARD) / ALIGNMENT) * ALIGNMENT;
    if (endOf({ at, length }) + GUARD > bytes.length) throw new Error(`more than ${PAGES} pages are needed`);
    return { at, length };
  };
  const add = (to: Buffer[], length: number): Buffer => {
    const buffer = place(length);
    to.push(buffer);
    return buffer;
  };
  const verify = (): void => {
    let from = 0;
    for (const buffer of [...kept, ...pushed, { at: bytes.length, length: 0 }]) {
      const guard = bytes.subarray(from, buffer.at);
      if (Bytes.compare(guard, UNTOUCHED.subarray(0, guard.length)) !== 0) {
        const written = from + guard.findIndex((byte) => byte !== UNTOUCHED[0]);
        throw new Error(`byte ${written} was written, between buffers that end at ${from} and begin at ${buffer.at}`);
      }
      from = endOf(buffer);
    }
  };
  const free = (buffers: readonly Buffer[]): void => {
    for (const buffer of buffers) bytes.fill(UNTOUCHED[0]!, buffer.at, endOf(buffer));
  };
  return {
    bytesPerElement: Elements.BYTES_PER_ELEMENT,
    bytes: () => memory.buffer,
    view: ({ at, length }) => new Elements(memory.buffer, at, length),
    push: (length) => add(pushed, length),
    mark: () => pushed.length,
    release(mark = 0) {
      verify();
      free(pushed.splice(mark));
    },
    keep: (length) => add(kept, length),
    drop(buffer) {
      verify();
      free(kept.splice(kept.indexOf(buffer), 1));
    },
    verify,
  };
}
