import { Names } from '../ir/names.ts';
import { type Extent, offsetsOf } from './extent.ts';
import type { Buffer, Space, View } from './plan.ts';

/** The buffers of a plan, each with a name of its own, in the order in which they are asked for. */
export class Memory {
  readonly buffers: Buffer[] = [];
  private readonly names: Names;

  /** @param taken  names that no buffer may have */
  constructor(taken: Iterable<string>) {
    this.names = new Names(taken);
  }

  /** A new buffer; `wish`: its name, or the beginning of it. */
  buffer(wish: string, { space, rows, width, holds }: Omit<Buffer, 'name'>): Buffer {
    const buffer = { name: this.names.fresh(wish), space, rows, width, holds };
    this.buffers.push(buffer);
    return buffer;
  }

  in(...spaces: readonly Space[]): readonly Buffer[] {
    return this.buffers.filter(({ space }) => spaces.includes(space));
  }
}

/** The name of the buffer of a value: the value's own name stands for one element of it. */
export const buffersName = (name: string): string => `${name}s`;

export const viewOf = (buffer: Buffer, shape: View['shape'], offset: Extent = 0): View => ({ buffer, offset, shape });

/** Views of shapes that lie one after the other. */
export function viewsOf(buffer: Buffer, shapes: readonly View['shape'][]): readonly View[] {
  const offsets = offsetsOf(shapes);
  return shapes.map((shape, index) => viewOf(buffer, shape, offsets[index]));
}
