import { arrayOf, CongruentError, type DType, type FloatArray } from '@congruent/runtime';
import type { Addon } from './addon.ts';

/** Whole cache lines, and whole vectors of any processor. */
const ALIGNMENT = 64;

/** The least that is asked for at once, in bytes. */
const SMALLEST_BLOCK = 1 << 16;

/** Memory that no call of so many has used a quarter of is given back. */
const PATIENCE = 64;

/** A buffer of the garbage collector, and the part of it that begins at a multiple of `ALIGNMENT`. */
interface Block {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
  readonly bytes: number;
}

/** Buffers of one element type, all owned by the garbage collector. */
export interface Memory {
  /** A buffer of zeros of its own. */
  keep(length: number): FloatArray;
  /** A buffer of its own, with whatever was there, which may be given back when nobody reads it any more. */
  borrow(length: number): FloatArray;
  giveBack(buffer: FloatArray): void;
  /** A buffer on the stack of the call under way, with whatever was there. */
  push(length: number): FloatArray;
  mark(): number;
  /** Takes off the stack what was pushed since the mark. */
  release(mark: number): void;
  /** Ends the call: takes everything off the stack. */
  end(): void;
  /** Whether a buffer is part of the stack, and so will be something else after the call. */
  isPushed(buffer: FloatArray): boolean;
}

/**
 * Memory of an engine. The stack's is used again by the next call, as the system hands out fresh memory page by page, at a
 * cost. It grows by blocks; when a call ends, several become one that is as large as all together.
 */
export function openMemory(addon: Pick<Addon, 'misalignment'>, dtype: DType): Memory {
  const Elements = arrayOf(dtype);
  let blocks: Block[] = [];
  /** The block in use, and how much of it. */
  let current = 0;
  let used = 0;
  /** What the next block must have, the most that this call has needed, and the most since memory was last given back. */
  let wanted = SMALLEST_BLOCK;
  let needed = 0;
  let most = 0;
  let calls = 0;
  /** What was given back, no more bytes than the last call borrowed that borrowed any. */
  const spare: FloatArray[] = [];
  let borrowed = 0;
  let mostSpare = 0;

  const bytesOf = (length: number): number => roundUp(length * Elements.BYTES_PER_ELEMENT);
  const before = (index: number): number => blocks.slice(0, index).reduce((sum, { bytes }) => sum + bytes, 0);
  const mark = (): number => (current === 0 ? 0 : before(current)) + used;

  const keep = (length: number): FloatArray => {
    const { buffer, offset } = allocate(addon, bytesOf(length));
    return new Elements(buffer, offset, length);
  };

  function end(): void {
    if (borrowed > 0) mostSpare = borrowed;
    borrowed = 0;
    most = Math.max(most, needed);
    const all = before(blocks.length);
    const wasteful = ++calls % PATIENCE === 0 && all > Math.max(SMALLEST_BLOCK, 4 * most);
    if (blocks.length > 1 || wasteful) {
      wanted = wasteful ? Math.max(SMALLEST_BLOCK, most) : all;
      blocks = [];
    }
    if (calls % PATIENCE === 0) most = 0;
    current = 0;
    used = 0;
    needed = 0;
  }

  return {
    keep,
    borrow(length) {
      borrowed += bytesOf(length);
      const at = spare.findIndex((buffer) => buffer.length === length);
      return at < 0 ? keep(length) : spare.splice(at, 1)[0]!;
    },
    giveBack(buffer) {
      const bytes = [...spare, buffer].reduce((sum, { length }) => sum + bytesOf(length), 0);
      if (bytes <= mostSpare) spare.push(buffer);
    },
    push(length) {
      const bytes = bytesOf(length);
      while (current < blocks.length && used + bytes > blocks[current]!.bytes) {
        current++;
        used = 0;
      }
      if (current === blocks.length) blocks.push(allocate(addon, Math.max(bytes, wanted)));
      const { buffer, offset } = blocks[current]!;
      const pushed = new Elements(buffer, offset + used, length);
      used += bytes;
      needed = Math.max(needed, mark());
      return pushed;
    },
    mark,
    release(to) {
      current = 0;
      used = to;
      while (current < blocks.length - 1 && used > blocks[current]!.bytes) used -= blocks[current++]!.bytes;
    },
    end,
    isPushed: ({ buffer }) => blocks.some((block) => block.buffer === buffer),
  };
}

const roundUp = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** So many bytes at a multiple of `ALIGNMENT`, which only the addon can see. */
function allocate(addon: Pick<Addon, 'misalignment'>, bytes: number): Block {
  let buffer: ArrayBuffer;
  try {
    buffer = new ArrayBuffer(bytes + ALIGNMENT);
  } catch (error) {
    throw outOfMemory(bytes, error);
  }
  const over = addon.misalignment(buffer);
  return { buffer, offset: over === 0 ? 0 : ALIGNMENT - over, bytes };
}

/** The refusal of what no buffer can hold. */
export const outOfMemory = (bytes: number, cause?: unknown): CongruentError =>
  new CongruentError(
    'NATIVE_MEMORY',
    `this needs a buffer of ${Math.ceil(bytes / 2 ** 20)} MiB, and the engine gives none of that size. Nothing was changed. ` +
      'Run smaller batches, or fewer steps.',
    { cause },
  );
