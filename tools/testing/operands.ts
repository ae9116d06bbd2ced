import type { Environment, Value } from '@congruent/codegen';
import type { Cell } from '@congruent/spec';
import { numbers } from './numbers.ts';

/** Small and odd. */
export const DIMENSIONS = { I: 3, H: 5 } as const;

export const lengthOf = (shape: readonly string[]): number =>
  shape.reduce((size, name) => size * DIMENSIONS[name as keyof typeof DIMENSIONS], 1);

/** Every parameter's block by name, as the interpreter takes it, and stacked by tensor, as kernels take it. */
export function parametersOf({ parameters, layouts }: Cell): {
  readonly blocks: Environment<number>;
  readonly stacked: Readonly<Record<string, Float32Array>>;
} {
  const flat = new Map(parameters.map(({ name, shape }, index) => [name, numbers('float32', lengthOf(shape), index)]));
  const rows = (name: string, columns: number): Value<number> =>
    Array.from({ length: flat.get(name)!.length / columns }, (_, row) =>
      Array.from(flat.get(name)!.subarray(row * columns, (row + 1) * columns)),
    );
  const blocks = parameters.map(({ name, shape }) => [
    name,
    shape.length === 2 ? rows(name, lengthOf(shape.slice(1))) : [...flat.get(name)!],
  ]);
  const stacked = layouts[0]!.tensors.map(({ name, blocks }) => [
    name,
    Float32Array.from(blocks.flatMap((block) => [...flat.get(block.name)!])),
  ]);
  return { blocks: Object.fromEntries(blocks), stacked: Object.fromEntries(stacked) };
}
