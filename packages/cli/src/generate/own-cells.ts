import { basename, dirname, join, relative, resolve } from 'node:path';
import { compile, type Origin } from '@congruent/codegen';
import { CongruentError } from '@congruent/runtime';
import type { CellFile } from '../cells/cell-file.ts';
import { filesOf, type TextFile } from '../files/files.ts';
import { javascriptFiles } from '../files/javascript.ts';
import { apply, type Change, changesOf, filesBelow, read } from './changes.ts';
import { checkNames, classFiles, KERNELS } from './class-files.ts';
import { installedEmitter } from './installed.ts';
import { type GenerateReport, reportOf } from './repository.ts';

/** Makes the generated modules what they are written as, whatever the application's package.json says. */
const MANIFEST: TextFile = { path: 'package.json', text: '{ "private": true, "type": "module" }\n' };

/**
 * Writes the classes of users' cells for a backend into a folder of their own. All is made, and the folder looked at,
 * before anything is written; what was generated before from the same cells and is made no more is removed.
 *
 * @param check  report only, change nothing
 * @throws CongruentError CELL_NAME, BACKEND_MISSING, and OUTPUT_FOLDER where the folder has files of somebody else
 */
export async function generateClasses(
  { reference, path, cells }: CellFile,
  backend: string,
  out: string,
  check: boolean,
): Promise<GenerateReport> {
  checkNames(cells);
  const folder = resolve(out);
  const { name, emitter } = await installedEmitter(backend, [folder, dirname(path)]);
  const origin: Origin = {
    source: sourceOf(folder, path, reference),
    emitter: `${name}/emitter`,
    command: `npx congruent generate ${reference} --backend ${backend} --out ${out}`,
  };
  const programs = cells.map(compile);
  const kernels = javascriptFiles(filesOf(emitter, programs, () => origin));
  const classes = programs.flatMap((program) => classFiles(program, name, origin));
  const files = [MANIFEST, ...classes, ...kernels.map((file) => ({ ...file, path: `${KERNELS}/${file.path}` }))];
  const wanted = new Map(files.map((file) => [join(folder, file.path), Buffer.from(file.text)]));
  const changes = await changesOf(wanted, await generatedFrom(origin.source, folder));
  if (!check) await write(changes, out);
  return reportOf(name, process.cwd(), changes);
}

/** Where the cells are, as the header of a generated file says it: from the folder, so that it can move as a whole. */
function sourceOf(folder: string, path: string, reference: string): string {
  const cell = reference.slice(reference.lastIndexOf(basename(path)) + basename(path).length);
  return relative(folder, path).replaceAll('\\', '/') + cell;
}

/**
 * The files in a folder that were generated from a source. Files whose names begin with a dot are nobody's business.
 *
 * @throws CongruentError OUTPUT_FOLDER where there are others than generated ones
 */
async function generatedFrom(source: string, folder: string): Promise<readonly string[]> {
  const paths = (await filesBelow(folder)).filter((path) => !basename(path).startsWith('.')).sort();
  const sources = await Promise.all(paths.map(generatedSource));
  const foreign = paths.filter((_, index) => sources[index] === undefined);
  if (foreign.length > 0) {
    const some = foreign.slice(0, 3).map((path) => relative(folder, path));
    const rest = foreign.length > some.length ? ` and ${foreign.length - some.length} more` : '';
    throw new CongruentError(
      'OUTPUT_FOLDER',
      `${relative(process.cwd(), folder) || '.'} holds files that congruent did not generate: ${some.join(', ')}${rest}. ` +
        'Nothing was written. Give a folder that is new, empty or generated: --out DIR',
    );
  }
  return paths.filter((_, index) => sources[index] === source);
}

/** What a file says that it was generated from: '' for what belongs to all; undefined where it is not ours. */
async function generatedSource(path: string): Promise<string | undefined> {
  const text = (await read(path))?.toString() ?? '';
  if (basename(path) === MANIFEST.path && text === MANIFEST.text) return '';
  return /^\S+ Generated from (.+) by \S+\/emitter\. Do not edit\.\n/.exec(text)?.[1];
}

async function write(changes: readonly Change[], out: string): Promise<void> {
  try {
    await apply(changes);
  } catch (cause) {
    const problem = `${out} cannot be written: ${(cause as Error).message}`;
    throw new CongruentError('OUTPUT_FOLDER', `${problem}. Give another folder: --out DIR`, { cause });
  }
}
