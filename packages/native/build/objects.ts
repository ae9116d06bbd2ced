// Object files, kept by content: what was compiled once is never compiled again, and nothing stale is ever linked.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { CongruentError } from '@congruent/runtime';
import type { Compiler } from './compiler.ts';

const exec = promisify(execFile);

/** One run of the compiler. */
export interface Unit {
  /** The C file. */
  readonly path: string;
  readonly flags: readonly string[];
  /** Folders whose headers it may include. */
  readonly includes: readonly string[];
}

/**
 * Runs a compiler.
 *
 * @throws CongruentError NATIVE_COMPILER with what it says
 */
export async function runCompiler({ command, args }: Compiler, more: readonly string[], what: string): Promise<void> {
  try {
    await exec(command, [...args, ...more], { maxBuffer: 2 ** 26 });
  } catch (cause) {
    const { stderr, message } = cause as Error & { readonly stderr?: string };
    const said = (stderr || message).trim().split('\n').slice(0, 12).join('\n');
    const remedy = 'Use a newer GCC or Clang (CC=…), or @congruent/wasm, which gives the same bits.';
    throw new CongruentError('NATIVE_COMPILER', `${command} failed at ${what}. ${remedy}\n${said}`, { cause });
  }
}

/**
 * Compiles what is not in the folder yet, on all cores.
 *
 * @returns the object files, in the order of the units
 */
export async function compileUnits(
  compiler: Compiler,
  units: readonly Unit[],
  folder: string,
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const headers = memoized(headersIn);
  const objects = units.map((unit) => join(folder, `${basename(unit.path)}.${keyOf(compiler, unit, headers)}.o`));
  const missing = units.flatMap((unit, at) => (existsSync(objects[at]!) ? [] : [{ unit, object: objects[at]! }]));
  const work = async (): Promise<void> => {
    for (let next = missing.shift(); next; next = missing.shift()) await compileUnit(compiler, next.unit, next.object);
  };
  // After a failure what runs is awaited, as it writes, and nothing else begins.
  const workers = Array.from({ length: availableParallelism() }, () => work().finally(() => missing.splice(0)));
  const failed = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
  return objects;
}

/** Written beside its place first: another build may look for the same object. */
async function compileUnit(compiler: Compiler, { path, flags, includes }: Unit, object: string): Promise<void> {
  const part = `${object}.${process.pid}.part`;
  const folders = includes.map((folder) => `-I${folder}`);
  await runCompiler(compiler, [...flags, ...folders, '-c', path, '-o', part], basename(path));
  renameSync(part, object);
}

/** All that an object file follows from: neither where its headers lie, nor about what the compiler was to warn. */
function keyOf({ args, version, machine }: Compiler, { path, flags, includes }: Unit, headers: Headers): string {
  const source = readFileSync(path, 'utf8');
  const effective = flags.filter((flag) => !/^-W[\w-]+(=|$)/.test(flag));
  const all = JSON.stringify([machine, version, args, effective, includes.map(headers), source]);
  return createHash('sha256').update(all).digest('hex').slice(0, 20);
}

type Headers = (folder: string) => string;

const headersIn: Headers = (folder) => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.h'));
  return JSON.stringify(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
};

function memoized(of: Headers): Headers {
  const known = new Map<string, string>();
  return (folder) => {
    const value = known.get(folder) ?? of(folder);
    known.set(folder, value);
    return value;
  };
}
