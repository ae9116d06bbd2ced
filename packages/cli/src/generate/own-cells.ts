import { basename, dirname, join, relative, resolve } from 'node:path';
import { compile, type Origin } from '@congruent/codegen';
import { CongruentError } from '@congruent/runtime';
import type { CellFile } from '../cells/cell-file.ts';
import { filesOf, type TextFile } from '../files/files.ts';
import { javascriptFiles } from '../files/javascript.ts';
import { changesOf, filesBelow, read, write } from './changes.ts';
import { checkNames, classFiles, KERNELS } from './class-files.ts';
import { type BuiltFile, installed, installedBuild } from './installed.ts';
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
  const places = [folder, dirname(path)];
  const from = await installed('emitter', `--backend ${backend}`, backend, places);
  const { name, found: emitter } = from;
  const build = await installedBuild(from);
  const origin: Origin = {
    source: sourceOf(folder, path, reference),
    emitter: `${name}/emitter`,
    command: `npx congruent generate ${reference} --backend ${backend} --out ${out}`,
  };
  const programs = cells.map(compile);
  const kernels = javascriptFiles(filesOf(emitter, programs, () => origin));
  const classes = programs.flatMap((program) => classFiles(program, name, origin));
  const there = await generatedFrom(origin.source, folder);
  // What is built differs from machine to machine, and follows from the text, which is what --check is about.
  const built = check || !build ? [] : await build(cells.map(({ name }) => ({ name, files: ofCell(name, kernels) })));
  const files = [MANIFEST, ...classes, ...[...kernels, ...built].map(inKernels)];
  const wanted = new Map(files.map((file) => [join(folder, file.path), bytesOf(file)]));
  const compared = there.filter(({ isText }) => isText || !check).map(({ path }) => path);
  const changes = await changesOf(wanted, compared);
  if (!check) await write(changes, out);
  return reportOf(name, process.cwd(), changes);
}

const inKernels = (file: TextFile | BuiltFile): TextFile | BuiltFile => ({ ...file, path: `${KERNELS}/${file.path}` });

const bytesOf = (file: TextFile | BuiltFile): Buffer => Buffer.from('text' in file ? file.text : file.bytes);

/** The files of one cell: their names begin with its own. */
const ofCell = (cell: string, files: readonly TextFile[]): readonly TextFile[] =>
  files.filter(({ path }) => cellOf(path) === cell);

const cellOf = (path: string): string => basename(path).split('.')[0]!;

/** Where the cells are, as the header of a generated file says it: from the folder, so that it can move as a whole. */
function sourceOf(folder: string, path: string, reference: string): string {
  const cell = reference.slice(reference.lastIndexOf(basename(path)) + basename(path).length);
  return relative(folder, path).replaceAll('\\', '/') + cell;
}

/** A file that is ours. */
interface GeneratedFile {
  readonly path: string;
  readonly isText: boolean;
}

/**
 * The files in a folder that were generated from a source. Files whose names begin with a dot are nobody's business.
 *
 * @throws CongruentError OUTPUT_FOLDER where there are others than generated ones
 */
async function generatedFrom(source: string, folder: string): Promise<readonly GeneratedFile[]> {
  const paths = (await filesBelow(folder)).filter((path) => !basename(path).startsWith('.')).sort();
  const files = await Promise.all(paths.map(originOf));
  const foreign = paths.filter((_, index) => files[index]!.source === undefined);
  if (foreign.length > 0) {
    const some = foreign.slice(0, 3).map((path) => relative(folder, path));
    const rest = foreign.length > some.length ? ` and ${foreign.length - some.length} more` : '';
    throw new CongruentError(
      'OUTPUT_FOLDER',
      `${relative(process.cwd(), folder) || '.'} holds files that congruent did not generate: ${some.join(', ')}${rest}. ` +
        'Nothing was written. Give a folder that is new, empty or generated: --out DIR',
    );
  }
  return files.filter((file) => file.source === source);
}

/**
 * What a file says that it was generated from: '' for what belongs to all; undefined where it is not ours. What was built
 * cannot say it, and has the source of its cell's main file, beside which it lies.
 */
async function originOf(path: string): Promise<GeneratedFile & { readonly source: string | undefined }> {
  const bytes = await read(path);
  const isText = bytes?.includes(0) !== true;
  const text = isText ? bytes?.toString() : (await read(join(dirname(path), `${cellOf(path)}.js`)))?.toString();
  const isManifest = basename(path) === MANIFEST.path && text === MANIFEST.text;
  const source = /^\S+ Generated from (.+) by \S+\/emitter\. Do not edit\.\n/.exec(text ?? '')?.[1];
  return { path, isText, source: isManifest ? '' : source };
}
