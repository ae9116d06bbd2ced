import { type Emitter, header, type Program } from '@congruent/codegen';
import type { Kernel } from './fused.ts';
import { extent } from './places.ts';

/** The lines a generated file starts with. */
export const fileHead = (program: Program, emitter: Emitter): string[] => [
  ...header(program, emitter).map((line) => `// ${line}`.trimEnd()),
  '',
];

/** Kernels as the elements of an array; `more`: further members of each. */
export function kernelList<K extends Kernel>(
  kernels: readonly K[],
  more: (kernel: K) => readonly string[] = () => [],
): string {
  const items = kernels.flatMap((kernel) => [
    `  // ${kernel.doc}`,
    '  {',
    `    result: '${kernel.result}',`,
    `    width: ${lengthOf(kernel.width)},`,
    ...more(kernel).map((line) => `    ${line}`),
    `    planes: [${quoted(kernel.planes)}],`,
    `    numbers: [${quoted(kernel.numbers)}],`,
    `    source: \`\n${kernel.source}\n\`,`,
    '  },',
  ]);
  return kernels.length === 0 ? '[]' : ['[', ...items, ']'].join('\n');
}

/** A sum of dimensions as a function of them. */
export const lengthOf = (dimensions: readonly string[]): string =>
  dimensions.length === 0 ? '() => 1' : `({ ${[...new Set(dimensions)].join(', ')} }) => ${extent(dimensions)}`;

/** The dimensions of a cell. */
export const dimensionsOf = ({ schedule: { cell } }: Program): readonly string[] => [
  ...new Set([...cell.inputs, ...cell.states].flatMap(({ shape }) => shape)),
];

export const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
