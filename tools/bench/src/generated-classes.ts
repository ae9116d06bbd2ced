import { execFile } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CELLS, type CellName } from './cells.ts';

/** What `npx congruent generate` is given, on each side in a folder whose modules find the packages of that side. */
const CELL_FILE = new URL('./networks.js', import.meta.url);

const folderOf = (packages: string): URL => new URL('../tools/bench/dist/generated/', packages);

/** The module of a cell's class for a backend. */
export const generatedModule = (packages: string, backend: string, cell: CellName): string =>
  new URL(`${backend}/${CELLS[cell].cell.name}.js`, folderOf(packages)).href;

const generating = new Map<string, Promise<void>>();

/**
 * Generates the classes that no package has, once in a process for each backend, as a user does: with the command.
 *
 * @param packages  the folder of the packages, as an address
 * @param backend   the name of a package
 */
export function generateClasses(packages: string, backend: string): Promise<void> {
  const out = fileURLToPath(new URL(`${backend}/`, folderOf(packages)));
  const made = generating.get(out) ?? generate(packages, backend, out);
  generating.set(out, made);
  return made;
}

async function generate(packages: string, backend: string, out: string): Promise<void> {
  const folder = folderOf(packages);
  const cells = fileURLToPath(new URL('cells.js', folder));
  await mkdir(folder, { recursive: true });
  await copyFile(CELL_FILE, cells);
  const command = fileURLToPath(new URL('cli/dist/cli.js', packages));
  await promisify(execFile)(process.execPath, [command, 'generate', cells, '--backend', backend, '--out', out]);
}
