import { existsSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CongruentError } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { importFrom } from '../modules/import-from.ts';
import { isCell } from './cells.ts';

/** A file of cells as somebody names it: `FILE` or `FILE#CELL`, a module or a model file. */
export interface CellFile {
  /** As it was given. */
  readonly reference: string;
  /** The file's path, absolute. */
  readonly path: string;
  /** Those that it exports, in the order of the exports' names, or that its layers have; of `FILE#CELL` the one. */
  readonly cells: readonly Cell[];
}

/** Whether a word of the command line names a file rather than a cell. */
export const namesFile = (word: string): boolean => /[./\\#]/.test(word);

/**
 * The cells of a file. A module runs; TypeScript needs no build, and imports are those of the file. Of any other file, which
 * is a model, they are those that its layers have, where their equations are not those of the classes.
 *
 * @param reference  `FILE`, or `FILE#CELL` for one of its cells, by its own name, or for that of a layer by the layer's
 * @param folder     where the files lie that a model file refers to
 * @throws CongruentError CELL_FILE where there is no such file, it does not run, or exports no such cell; MODEL_LAYER where
 *         a model file has no such layer, or the layer no cell of its own; what reading a model file throws
 * @throws SpecError, or whatever else the module throws, with the place in the message
 */
export async function readCells(reference: string, folder?: string): Promise<CellFile> {
  const [file, name] = partsOf(reference);
  const path = resolve(file);
  if (!isFile(path)) {
    throw new CongruentError('CELL_FILE', `${file} does not exist, or is no file. Give a module that exports cells.`);
  }
  if (isModule(path)) return { reference, path, cells: await cellsOfModule(file, path, name) };
  const { cellsOfModel } = await import('../models/cells-of-model.ts');
  const cells = await cellsOfModel(file, name, folder).catch((error: Error & { readonly code?: unknown }) => {
    const isOther = error.code === 'MODEL_FORMAT';
    throw isOther ? Object.assign(error, { message: `${error.message} A module of cells is ${MODULES}.` }) : error;
  });
  return { reference, path, cells };
}

/** False, too, where the path leads through a file, which Node's own option has no word for. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const MODULES = '.js, .mjs, .ts or .mts';

const isModule = (path: string): boolean => /\.[cm]?[jt]s$/.test(path);

async function cellsOfModule(file: string, path: string, name: string | undefined): Promise<readonly Cell[]> {
  const exported = await importFrom(dirname(path), `./${encodeURIComponent(basename(path))}`).catch((error) => {
    throw failure(file, path, error);
  });
  const cells = [...new Set(Object.values(exported).filter(isCell))];
  if (cells.length === 0) {
    const got = Object.keys(exported).join(', ') || 'nothing';
    const remedy = "Export what cell`…` or defineCell('…') of @congruent/spec gives.";
    throw new CongruentError('CELL_FILE', `${file} exports no cell; it exports ${got}. ${remedy}`);
  }
  if (name === undefined) return cells;
  const named = cells.filter((cell) => cell.name === name);
  if (named.length === 0) {
    throw new CongruentError('CELL_FILE', `${file} exports no cell ${name}. It has: ${namesOf(cells)}.`);
  }
  return named;
}

export const namesOf = (cells: readonly Cell[]): string => cells.map(({ name }) => name).join(', ');

/** What stands behind a `#` is a cell, or a layer, unless the whole is a file. */
function partsOf(reference: string): readonly [file: string, name?: string] {
  if (existsSync(reference)) return [reference];
  const ends = [...reference.matchAll(/#/g)].map(({ index }) => index);
  // Names of layers may have one, too.
  const at = ends.find((end) => existsSync(reference.slice(0, end))) ?? ends.at(-1);
  return at === undefined ? [reference] : [reference.slice(0, at), reference.slice(at + 1)];
}

/** What went wrong in a module, with the place in the file. */
function failure(file: string, path: string, error: unknown): Error {
  if (!(error instanceof Error)) return new CongruentError('CELL_FILE', `${file} throws ${String(error)}.`);
  const { code } = error as { readonly code?: unknown };
  // Paths as the user knows them.
  const message = error.message.replaceAll(path, file).replaceAll(`${process.cwd()}/`, '');
  if (code === 'CELL_FILE') return new CongruentError(code, message);
  const place = placeIn(path, error.stack ?? '');
  if (typeof code === 'string' && code.startsWith('SPEC_')) {
    return Object.assign(error, { message: `${file}${place}: ${message}` });
  }
  const missing = /^Cannot find package '([^']+)'/.exec(message)?.[1];
  const remedy = missing === undefined ? '' : ` Install it: npm install --save-dev ${missing}`;
  return new CongruentError('CELL_FILE', `${file}${place} does not run: ${message}.${remedy}`, { cause: error });
}

/** `:line:column` of the innermost call in a file. */
function placeIn(path: string, stack: string): string {
  const url = pathToFileURL(path).href;
  for (const line of stack.split('\n')) {
    const place = [url, path, relative(process.cwd(), path)].find((name) => line.includes(`${name}:`));
    const numbers = place && /^:\d+:\d+/.exec(line.slice(line.indexOf(place) + place.length))?.[0];
    if (numbers) return numbers;
  }
  return '';
}
