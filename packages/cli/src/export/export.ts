import { join, resolve } from 'node:path';
import type { ExportedFile, ExportOptions } from '@congruent/codegen';
import { CongruentError } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { assemble } from '../files/webassembly.ts';
import { changesOf, write } from '../generate/changes.ts';
import { installed } from '../generate/installed.ts';
import { modelOf } from './model.ts';
import { readWeights } from './weights-file.ts';

/** The backend whose package exports for a target. */
const BACKENDS: Readonly<Record<string, string>> = { wasm: 'wasm', c: 'native' };

export const targets: readonly string[] = Object.keys(BACKENDS);

interface ModelOptions extends ExportOptions {
  /** What stands before the names in the file. */
  readonly prefix: string;
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
 * @param weights  the path of the file
 * @returns what to tell the user, line by line
 * @throws CongruentError EXPORT_NAME, EXPORT_WEIGHTS, EXPORT_LAYERS, EXPORT_OPTION, EXPORT_SIZE, CONGRUENT_STATE_DICT,
 *         SAFETENSORS_FORMAT, BACKEND_MISSING, OUTPUT_FOLDER
 */
export async function exportModel(weights: string, cell: Cell, options: ModelOptions): Promise<readonly string[]> {
  const { name, target, out, prefix, command } = options;
  checkName(name);
  const header = [`${name}: ${cell.name} with its weights. Do not edit.`, `Made by: ${command}`];
  const model = modelOf(name, cell, await readWeights(weights), prefix, header);
  const { found } = await installed('export', `--target ${target}`, BACKENDS[target]!, [process.cwd()]);
  const { files, notes } = found.export(model, options, assemble);
  const folder = resolve(out);
  const wanted = new Map(files.map(({ path, contents }) => [join(folder, path), Buffer.from(contents)]));
  await write(await changesOf(wanted, []), out);
  return [...files.map((file) => lineOf(out, file)), ...notes];
}

function checkName(name: string): void {
  if (/^[A-Za-z_]\w*$/.test(name)) return;
  const some = name.replaceAll(/\W/g, '_').replace(/^(?=\d|$)/, 'm');
  const remedy = `Use letters, digits and _, and no digit at the beginning: --name ${some}`;
  throw new CongruentError('EXPORT_NAME', `--name ${name} is no C identifier. ${remedy}`);
}

/** `out/digits.wasm  21340 bytes, 15360 of them weights`. */
function lineOf(out: string, { path, contents, weights = 0 }: ExportedFile): string {
  const of = weights > 0 ? `, ${weights} of them weights` : '';
  return `${join(out, path)}  ${Buffer.byteLength(contents)} bytes${of}`;
}
