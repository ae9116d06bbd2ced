import type { FloatArray } from '../tensor.ts';
import type { Call } from './engine.ts';
import type { HostBuffer, HostMemory } from './host-kernels.ts';

/** A buffer with a copy of an array that is not part of the memory. */
export function uploaded<B extends HostBuffer>(memory: HostMemory<B>, data: FloatArray): B {
  const buffer = memory.push(data.length);
  memory.view(buffer).set(data);
  return buffer;
}

/** A copy of a buffer, which may move while there is made room for it. */
export function copied<B extends HostBuffer>(memory: HostMemory<B>, buffer: B): B {
  const copy = memory.push(buffer.length);
  memory.view(copy).set(memory.view(buffer));
  return copy;
}

/** The computations on buffers that inference needs. */
export const hostCall = <B extends HostBuffer>(memory: HostMemory<B>): Call<'sync', B> => ({
  upload: (data) => uploaded(memory, data),
  download: (buffer) => memory.view(buffer).slice(),
  join(parts, rows, mask) {
    const joined = memory.push(parts.reduce((sum, part) => sum + part.length, 0));
    const to = memory.view(joined);
    const stride = to.length / rows;
    let start = 0;
    for (const part of parts) {
      const from = memory.view(part);
      const width = from.length / rows;
      for (let row = 0, at = start, index = 0; row < rows; row++, at += stride) {
        for (let column = 0; column < width; column++) to[at + column] = from[index++]!;
      }
      start += width;
    }
    if (mask) for (let index = 0; index < to.length; index++) to[index]! *= mask[index]!;
    return joined;
  },
  end: () => memory.release(),
});
