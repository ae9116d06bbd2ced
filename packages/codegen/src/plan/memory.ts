import type { Reference } from '../ir/expression.ts';
import { Names } from '../ir/names.ts';
import { type Extent, offsetsOf, total } from './extent.ts';
import type { Buffer, CopyPlan, Space, View } from './plan.ts';

/** What kind of buffer values lie in. */
export interface Place extends Pick<Buffer, 'space' | 'rows'> {
  /** The width of a row whose values have so many elements; by default as many. */
  readonly width?: ((of: Extent) => Extent) | undefined;
}

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

  /** A new buffer with values one after the other. */
  values(wish: string, values: readonly Reference[], { space, rows, width }: Place): readonly View[] {
    const shapes = values.map(({ shape }) => shape);
    const size = total(shapes);
    const holds = values.map(({ name }) => name).join(', ');
    const buffer = this.buffer(wish, { space, rows, width: width?.(size) ?? size, holds });
    const offsets = offsetsOf(shapes);
    return shapes.map((shape, index) => viewOf(buffer, shape, offsets[index]));
  }

  /** A new buffer with one value. */
  value(wish: string, value: Reference, place: Place): View {
    return this.values(wish, [value], place)[0]!;
  }

  in(...spaces: readonly Space[]): readonly Buffer[] {
    return this.buffers.filter(({ space }) => spaces.includes(space));
  }
}

/** The name of the buffer of a value: the value's own name stands for one element of it. */
export const buffersName = (name: string): string => `${name}s`;

const viewOf = (buffer: Buffer, shape: View['shape'], offset: Extent = 0): View => ({ buffer, offset, shape });

/** All of the values that lie one after the other as one. */
export const wholeOf = (views: readonly View[]): View =>
  viewOf(
    views[0]!.buffer,
    views.flatMap(({ shape }) => shape),
  );

export const copyOf = (from: View, to: View): CopyPlan => ({ kind: 'copy', from, to });
