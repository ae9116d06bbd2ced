import { headerOf, JAVASCRIPT_WORDS, type Origin, type Program, signatureOf } from '@congruent/codegen';
import { CongruentError, dimensionNames } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { commented, type TextFile } from '../files/files.ts';
import { cellClassOf, classOf } from './class-names.ts';

/** The folder of what the emitter made, beside the classes. */
export const KERNELS = 'kernels';

/**
 * Holds cells to names that can stand side by side: a file, and two classes, for each.
 *
 * @throws CongruentError CELL_NAME
 */
export function checkNames(cells: readonly Cell[]): void {
  const taken = new Map<string, Cell>();
  for (const cell of cells) {
    const name = classOf(cell);
    if (!/^[\p{L}$][\p{L}\p{N}$]*$/u.test(name) || JAVASCRIPT_WORDS.includes(name)) {
      const problem = `the class of the cell ${cell.name} would be ${name || 'without a name'}`;
      throw new CongruentError('CELL_NAME', `${problem}, which JavaScript does not allow. Rename the cell.`);
    }
    // Some file systems know no difference of case.
    for (const [what, key] of [
      ['file', `${cell.name.toLowerCase()}.js`],
      ['class', name],
      ['class', cellClassOf(cell)],
    ] as const) {
      const other = taken.get(key);
      if (other && other !== cell) {
        const both = other.name === cell.name ? `two cells are called ${cell.name}` : `${other.name} and ${cell.name}`;
        throw new CongruentError('CELL_NAME', `${both}: both would have the ${what} ${key}. Rename one of them.`);
      }
      taken.set(key, cell);
    }
  }
}

/** The module with the classes of a cell, and its types. */
export function classFiles(program: Program, backend: string, origin: Origin): readonly TextFile[] {
  const { cell } = program;
  const header = commented(headerOf(program, origin), '//');
  return [
    { path: `${cell.name}.js`, text: header + moduleOf(cell, backend) },
    { path: `${cell.name}.d.ts`, text: header + typesOf(program, backend) },
  ];
}

const moduleOf = (cell: Cell, backend: string): string => `\
import { cellClass, layerClass } from '${backend}/define';
import * as kernels from './${KERNELS}/${cell.name}.js';

/** ${cell.name} over sequences, in one or more layers and one or two directions. */
export const ${classOf(cell)} = /* @__PURE__ */ layerClass(kernels, '${classOf(cell)}');

/** One step of ${cell.name}. */
export const ${cellClassOf(cell)} = /* @__PURE__ */ cellClass(kernels, '${cellClassOf(cell)}');
`;

/** The types say the cell's own names, so that an editor completes them and `tsc` knows a wrong one. */
function typesOf(program: Program, backend: string): string {
  const signature = signatureOf(program);
  const { inputs, states, outputs } = signature;
  const sizes = dimensionNames(signature);
  const [layer, cell] = [classOf(program.cell), cellClassOf(program.cell)];
  return `\
import type * as define from '${backend}/define';

// What declarations of an application that exports a layer refer to.
export type { OwnCell, OwnLayer } from '${backend}';

/** What the cell calls its operands, its results and its sizes. */
export interface ${layer}Names {
  readonly inputs: ${tuple(inputs.map(({ name }) => name))};
  readonly states: ${tuple(states.map(({ name }) => name))};
  readonly outputs: ${tuple(outputs.map(({ name, state }) => state ?? name))};
  readonly sizes: ${sizes.map((size) => `'${size}'`).join(' | ') || 'never'};
}

/** ${program.cell.name} over sequences, in one or more layers and one or two directions. */
export declare const ${layer}: define.LayerClass<${layer}Names>;
export type ${layer} = (typeof ${layer})['prototype'];

/** One step of ${program.cell.name}. */
export declare const ${cell}: define.CellClass<${layer}Names>;
export type ${cell} = (typeof ${cell})['prototype'];
`;
}

const tuple = (names: readonly string[]): string => `readonly [${names.map((name) => `'${name}'`).join(', ')}]`;
