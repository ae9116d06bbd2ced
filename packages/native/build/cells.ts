import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A cell, and the C files that the emitter made of it. */
export interface CellSource {
  readonly name: string;
  readonly paths: readonly string[];
}

/** The cells that a folder has C of, in the order of their names. */
export function cellsIn(folder: string): readonly CellSource[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.c'));
  const names = [...new Set(files.map((file) => file.split('.')[0]!))].sort();
  return names.map((name) => ({
    name,
    paths: files.filter((file) => file.startsWith(`${name}.`)).map((file) => join(folder, file)),
  }));
}

/**
 * Writes `cells.h`, which lists cells and variants for those who include it.
 *
 * @param objects  the folder of object files
 * @returns        the header's folder, which is named after what it says
 */
export function listHeader(objects: string, cells: readonly CellSource[], variants: readonly string[]): string {
  const list = (names: readonly string[]): string => names.map((name) => `X(${name})`).join(' ');
  const text = `#define CONGRUENT_CELLS(X) ${list(cells.map(({ name }) => name))}
#define CONGRUENT_VARIANTS(X) ${list(variants)}
`;
  const folder = join(objects, `cells-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cells.h'), text);
  return folder;
}
