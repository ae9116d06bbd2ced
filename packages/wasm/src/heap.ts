import { CongruentError } from '@congruent/runtime';
import type { WebAssemblyMemory } from './webassembly.ts';

const PAGE = 65536;

/** Whole cache lines. */
const ALIGNMENT = 64;

/** Vector loads may touch this many bytes after the last element of a buffer: `SLACK_BYTES` of codegen/memory.ts. */
const SLACK = 64;

/** A piece of the memory, in bytes. */
export interface Block {
  readonly at: number;
  readonly bytes: number;
}

/**
 * One memory in two parts: below, blocks that stay (parameters, streams); above, a stack for the call under way.
 * It grows to what the largest call needs and no further, and never shrinks.
 */
export class Heap {
  /** Counts growths: views made before the last one are gone. */
  growths = 0;
  private readonly memory: WebAssemblyMemory;
  private readonly kept: Block[] = [];
  private top = 0;

  constructor(memory: WebAssemblyMemory) {
    this.memory = memory;
  }

  get buffer(): ArrayBuffer {
    return this.memory.buffer;
  }

  /** A block that stays until it is released, zeroed; only between calls. */
  keep(bytes: number): Block {
    const size = aligned(bytes);
    let at = 0;
    let index = 0;
    for (; index < this.kept.length && this.kept[index]!.at - at < size; index++) at = endOf(this.kept[index]!);
    this.reserve(at + size);
    const block = { at, bytes: size };
    this.kept.splice(index, 0, block);
    this.release();
    new Uint8Array(this.buffer, at, size).fill(0);
    return block;
  }

  /** Gives a kept block's place to later ones. */
  drop(block: Block): void {
    const index = this.kept.indexOf(block);
    if (index >= 0) this.kept.splice(index, 1);
    this.release();
  }

  /** A block on the stack, as it was left; its address. */
  push(bytes: number): number {
    const at = this.top;
    this.reserve(at + aligned(bytes));
    this.top = at + aligned(bytes);
    return at;
  }

  /** The height of the stack, to come back to with `release`. */
  mark(): number {
    return this.top;
  }

  /** Takes everything above the mark off the stack; without one, everything. */
  release(mark?: number): void {
    const last = this.kept.at(-1);
    this.top = mark ?? (last ? endOf(last) : 0);
  }

  private reserve(end: number): void {
    const missing = Math.ceil((end + SLACK - this.buffer.byteLength) / PAGE);
    if (missing <= 0) return;
    try {
      this.memory.grow(missing);
    } catch (error) {
      const mib = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
      throw new CongruentError(
        'WASM_MEMORY',
        `this needs ${mib(end)} of WebAssembly memory, and the engine does not give more than the ` +
          `${mib(this.buffer.byteLength)} there are. Nothing was changed. Run smaller batches or, unless the GRU ` +
          'is bidirectional, shorter sequences one after the other, passing hn on as h0; WebAssembly ends at 4096 MiB.',
        { cause: error },
      );
    }
    this.growths++;
  }
}

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

const endOf = ({ at, bytes }: Block): number => at + bytes;
