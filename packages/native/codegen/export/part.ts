import type { Block, Buffer } from '@congruent/codegen';
import { totalOf } from './functions.ts';
import { literal } from './language.ts';

/** Buffers as the members of a struct. */
export interface Struct {
  readonly name: string;
  readonly doc: string;
  readonly buffers: readonly Buffer[];
}

/** What a part of a header adds to each of its sections. */
export interface Part {
  readonly structs: readonly Struct[];
  /** Functions, each declared below what it says to whoever calls it. */
  readonly declarations: Block;
  readonly constants: Block;
  readonly functions: Block;
}

/** The bytes of a struct of float32 values. */
export const bytesOf = ({ buffers }: Pick<Struct, 'buffers'>): number => 4 * totalOf(buffers);

/** A constant struct with these values. */
export const constantOf = (
  { name, buffers }: Struct,
  constant: string,
  values: ReadonlyMap<Buffer, ArrayLike<number>>,
): Block => [
  `static const ${name} ${constant} = {`,
  buffers.length > 0 ? buffers.flatMap((buffer) => [`{ // ${buffer.name}`, numbers(values.get(buffer)!), '},']) : ['0'],
  '};',
  '',
];

/** How wide the lines of numbers are. */
const WIDTH = 116;

/** Numbers in lines. */
export function numbers(values: ArrayLike<number>): readonly string[] {
  const lines: string[] = [];
  let line: string[] = [];
  let width = 0;
  for (let at = 0; at < values.length; at++) {
    const next = `${literal(values[at]!)},`;
    if (width + next.length > WIDTH) {
      lines.push(line.join(' '));
      line = [];
      width = 0;
    }
    line.push(next);
    width += next.length + 1;
  }
  return line.length === 0 ? lines : [...lines, line.join(' ')];
}
