import { arrayOf, CongruentError, type DType, type FloatArray, type HostMemory } from '@congruent/runtime';
import type { WebAssemblyMemory } from './webassembly.ts';

const PAGE = 65536;

/** Whole cache lines. */
const ALIGNMENT = 64;

/** Vector loads may touch this many bytes after the last element of a buffer: the four of `sum_rows` in codegen/rows.ts. */
const SLACK = 64;

/** Elements in the memory. */
export interface Buffer {
  /** Address in bytes. */
  readonly at: number;
  /** Elements. */
  readonly length: number;
}

export interface Heap extends HostMemory<Buffer> {
  readonly bytesPerElement: number;
  /** The memory as it is now. */
  bytes(): ArrayBuffer;
}

/**
 * One memory in two parts: below, buffers that stay (parameters, streams); above, a stack for the call under way.
 * It grows to what the largest call needs and no further, and never shrinks.
 */
export function openHeap(memory: WebAssemblyMemory, dtype: DType): Heap {
  const Elements = arrayOf(dtype);
  const kept: Buffer[] = [];
  let top = 0;
  const endOf = ({ at, length }: Buffer): number =>
    at + Math.ceil((length * Elements.BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
  const view = ({ at, length }: Buffer): FloatArray => new Elements(memory.buffer, at, length);
  const release = (mark?: number): void => {
    const last = kept.at(-1);
    top = mark ?? (last ? endOf(last) : 0);
  };
  // Workers of Cloudflare may have none. It is the heap's own, so that it holds no heap that nothing else does.
  const collected = globalThis.FinalizationRegistry && new FinalizationRegistry<() => void>((work) => work());
  return {
    bytesPerElement: Elements.BYTES_PER_ELEMENT,
    bytes: () => memory.buffer,
    view,
    push(length) {
      const buffer = { at: top, length };
      const end = endOf(buffer);
      reserve(memory, end);
      top = end;
      return buffer;
    },
    mark: () => top,
    release,
    keep(length) {
      const size = endOf({ at: 0, length });
      let at = 0;
      let index = 0;
      for (; index < kept.length && kept[index]!.at - at < size; index++) at = endOf(kept[index]!);
      reserve(memory, at + size);
      const buffer = { at, length };
      kept.splice(index, 0, buffer);
      release();
      view(buffer).fill(0);
      return buffer;
    },
    drop(buffer) {
      const index = kept.indexOf(buffer);
      if (index >= 0) kept.splice(index, 1);
      release();
    },
    watch: (holder, work) => collected?.register(holder, work),
  };
}

/** Makes the memory grow where it ends before `end`. */
function reserve(memory: WebAssemblyMemory, end: number): void {
  const { byteLength } = memory.buffer;
  const missing = Math.ceil((end + SLACK - byteLength) / PAGE);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (error) {
    throw new CongruentError(
      'WASM_MEMORY',
      `this needs ${Math.ceil(end / 2 ** 20)} MiB, more than the engine gives. Nothing was changed. ` +
        'Run smaller batches, or fewer steps.',
      { cause: error },
    );
  }
}
