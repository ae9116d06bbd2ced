import { arrayOf, type DType, type FloatArray } from '@congruent/runtime';
import type { Addon } from '../src/addon.ts';
import type { Memory } from '../src/memory.ts';

/** Bytes before and after each buffer; more than a vector. */
const GUARD = 256;
const ALIGNMENT = 64;

/** All bits set make NaN of float32 and float64 alike. */
const UNTOUCHED = 0xff;

/**
 * Memory in which each buffer has its exact length and lies between guards of its own. Whatever has not been written is NaN, in
 * kept buffers too: kernels may count on no zeros.
 */
export interface GuardedMemory extends Memory {
  /** Throws where anything outside of all buffers was written; so does the end of a call. */
  verify(): void;
}

export function guardedMemory({ misalignment }: Pick<Addon, 'misalignment'>, dtype: DType): GuardedMemory {
  const Elements = arrayOf(dtype);
  const kept: FloatArray[] = [];
  let pushed: FloatArray[] = [];
  const allocate = (length: number): FloatArray => {
    const bytes = length * Elements.BYTES_PER_ELEMENT;
    const buffer = new ArrayBuffer(GUARD + ALIGNMENT + bytes + GUARD);
    new Uint8Array(buffer).fill(UNTOUCHED);
    return new Elements(buffer, GUARD + ((ALIGNMENT - misalignment(buffer)) % ALIGNMENT), length);
  };
  const add = (to: FloatArray[], length: number): FloatArray => {
    const buffer = allocate(length);
    to.push(buffer);
    return buffer;
  };
  const verify = (): void => {
    for (const { buffer, byteOffset, byteLength } of [...kept, ...pushed]) {
      const guards = [new Uint8Array(buffer, 0, byteOffset), new Uint8Array(buffer, byteOffset + byteLength)];
      if (guards.every((guard) => guard.every((byte) => byte === UNTOUCHED))) continue;
      throw new Error(`outside of a buffer of ${byteLength} bytes something was written`);
    }
  };
  return {
    keep: (length) => add(kept, length),
    borrow: (length) => add(kept, length),
    giveBack: verify,
    push: (length) => add(pushed, length),
    mark: () => pushed.length,
    release(mark) {
      verify();
      pushed.length = mark;
    },
    end() {
      verify();
      pushed = [];
    },
    isPushed: (buffer) => pushed.includes(buffer),
    verify,
  };
}
