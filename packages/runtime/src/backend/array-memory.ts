import { type DType, type FloatArray, MAX_LENGTH, memoryError } from '../tensor.ts';
import type { HostMemory } from './host-kernels.ts';

/** Buffers that are plain arrays, owned by the garbage collector; nobody writes to one once its call has given it. */
export function arrayMemory(dtype: DType): HostMemory<FloatArray> {
  // A function for each type, as engines make arrays of a type that they know in less time.
  const fresh: (length: number) => FloatArray =
    dtype === 'float64'
      ? (length) => {
          try {
            if (length <= MAX_LENGTH) return new Float64Array(length);
          } catch {}
          throw memoryError(length);
        }
      : (length) => {
          try {
            if (length <= MAX_LENGTH) return new Float32Array(length);
          } catch {}
          throw memoryError(length);
        };
  return {
    push: fresh,
    mark: () => 0,
    release() {},
    keep: fresh,
    drop() {},
    view: (array) => array,
  };
}
