import { type DType, type FloatArray, zeros } from '../tensor.ts';
import type { HostMemory } from './host-kernels.ts';

/** Buffers that are plain arrays, owned by the garbage collector; nobody writes to one once its call has given it. */
export function arrayMemory(dtype: DType): HostMemory<FloatArray> {
  const fresh = (length: number): FloatArray => zeros(dtype, length);
  return {
    push: fresh,
    mark: () => 0,
    release() {},
    keep: fresh,
    drop() {},
    view: (array) => array,
  };
}
