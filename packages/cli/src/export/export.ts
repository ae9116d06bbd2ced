import { join, resolve } from 'node:path';
import type { ExportedFile, ExportOptions } from '@congruent/codegen';
import { CongruentError } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { assemble } from '../files/webassembly.ts';
import { changesOf, write } from '../generate/changes.ts';
import { installed } from '../generate/installed.ts';
import { openModel } from '../models/model-file.ts';
import { weightsOfLayer } from './layer-weights.ts';
import { modelOf } from './model.ts';

/** The backend whose package exports for a target. */
const BACKENDS: Readonly<Record<string, string>> = { wasm: 'wasm', c: 'native' };

export const targets: readonly string[] = Object.keys(BACKENDS);

/** What of a file is exported. */
export type ExportedLayer =
  | {
      /** A layer as the file has it, by name or number; undefined: the only one. */
      readonly layer: string | undefined;
    }
  | {
      /** What runs the tensors that have its names. */
      readonly cell: Cell;
      /** What stands before the names in the file. */
      readonly prefix: string;
    };

interface ModelOptions extends ExportOptions {
  readonly target: string;
  readonly name: string;
  /** The folder. */
  readonly out: string;
  /** What makes the files anew. */
  readonly command: string;
}

/**
 * Writes a model with its weights as files for a target. All is made before anything is written.
 *
 * @param path    of a model file
 * @param folder  where the files lie that it refers to; default: its own
 * @returns what to tell the user, line by line
 * @throws CongruentError EXPORT_NAME, EXPORT_WEIGHTS, EXPORT_LAYERS, EXPORT_OPTION, EXPORT_SIZE, CONGRUENT_STATE_DICT,
 *         MODEL_LAYER, BACKEND_MISSING, OUTPUT_FOLDER; what reading a model file throws
 */
export async function exportModel(
  path: string,
  folder: string | undefined,
  what: ExportedLayer,
  options: ModelOptions,
): Promise<readonly string[]> {
  const { name, target, out, command } = options;
  checkName(name);
  const file = await openModel(path, folder);
  const weights = 'cell' in what ? { ...what, ...file, notes: [] } : weightsOfLayer(file, what.layer);
  const { cell, prefix } = weights;
  const header = [`${name}: ${cell.name} with its weights. Do not edit.`, `Made by: ${command}`];
  const model = modelOf(name, cell, weights, prefix, header);
  const { found } = await installed('export', `--target ${target}`, BACKENDS[target]!, [process.cwd()]);
  const { files, notes } = found.export(model, options, assemble);
  const output = resolve(out);
  const wanted = new Map(files.map(({ path, contents }) => [join(output, path), Buffer.from(contents)]));
  await write(await changesOf(wanted, []), out);
  return [...files.map((each) => lineOf(out, each)), ...weights.notes, ...notes];
}

/** A name of a file and of functions of C, where those that begin with `_` are the library's. */
function checkName(name: string): void {
  if (/^[A-Za-z]\w*$/.test(name)) return;
  const some = name.replaceAll(/\W/g, '_').replace(/^(?![A-Za-z])/, 'm');
  const remedy = `Use letters, digits and _, and a letter at the beginning: --name ${some}`;
  throw new CongruentError('EXPORT_NAME', `--name ${name} is no name for functions of C. ${remedy}`);
}

/** `out/digits.wasm  21340 bytes, 15360 of them weights`. */
function lineOf(out: string, { path, contents, weights = 0 }: ExportedFile): string {
  const of = weights > 0 ? `, ${weights} of them weights` : '';
  return `${join(out, path)}  ${Buffer.byteLength(contents)} bytes${of}`;
}
