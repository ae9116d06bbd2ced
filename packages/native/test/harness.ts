import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import {
  C,
  type Compiler,
  cellsIn,
  compileUnits,
  findCompiler,
  GENERATED,
  kernelUnits,
  listHeader,
  OBJECTS,
  runCompiler,
  type Unit,
  variantsFor,
} from '../build/index.ts';
import { recordedCases } from './cases.ts';

/** As `npm run build` has them, so that the same objects serve. */
export const WARNINGS = ['-Wall', '-Wextra', '-Werror'];
const FOLDER = fileURLToPath(new URL('../build/harness/', import.meta.url));

/** What the harness prints where all bits are those that were recorded. */
export const ALIKE = /^\d+ cases, 0 differences\n$/;

/** The narrowest vectors and the widest: the text is the same for those in between, and compiling takes long. */
export const EXTREMES = ['sse2', 'avx512', 'neon', 'plain'];

/** Milliseconds that compiling and running may take, on a machine that does other things, too. */
export const MINUTES = 10 * 60_000;

/** The exit code where the processor does not run the variant. */
export const NOT_RUN_HERE = 3;

/** Ends a test for which something is not here; in continuous integration everything is. */
export function absent({ skip }: TestContext, what: string): never {
  if (process.env['CI']) throw new Error(`${what} is not here`);
  return skip(`${what} is not here`);
}

/** A compiler, or undefined where it is not installed. */
export function compilerNamed(cc: string): Compiler | undefined {
  try {
    return findCompiler(cc);
  } catch {
    return undefined;
  }
}

/** The variants with the specified bits that a compiler makes. */
export const exactVariants = ({ arch }: Compiler): readonly string[] =>
  variantsFor(arch)
    .map(({ name }) => name)
    .filter((name) => !name.endsWith('_relaxed'));

/**
 * Compiles the harness with the kernels of one variant, and runs it over the recorded cases.
 *
 * @param flags     more of them, to compile and to link: sanitizers, which look after what lies around buffers, too
 * @param emulator  what runs the program, where it is another processor's
 * @returns         what it printed, and its exit code
 */
export async function runHarness(
  compiler: Compiler,
  variant: string,
  flags: readonly string[] = [],
  emulator: readonly string[] = [],
): Promise<{ readonly printed: string; readonly exitCode: number | null }> {
  const cells = cellsIn(GENERATED);
  const all = [...WARNINGS, ...flags];
  const guards = flags.length > 0 ? ['-DGUARD=0'] : [];
  const harness: Unit = {
    path: fileURLToPath(new URL('harness/harness.c', import.meta.url)),
    flags: ['-std=gnu11', '-O1', ...all, ...guards, `-DCONGRUENT_VARIANT=${variant}`],
    includes: [C, listHeader(OBJECTS, cells, [variant])],
  };
  const kernels = kernelUnits({ compiler, cells, variants: [variant], flags: all, objects: OBJECTS });
  const objects = await compileUnits(compiler, [harness, ...kernels], OBJECTS);
  mkdirSync(FOLDER, { recursive: true });
  const program = join(FOLDER, [compiler.command, variant, flags.length > 0 ? 'sanitized' : 'plain'].join('-'));
  const linking = emulator.length > 0 ? ['-static'] : [];
  await runCompiler(compiler, [...flags, ...linking, ...objects, '-o', program], 'linking');
  const cases = join(FOLDER, 'cases');
  writeFileSync(cases, recordedCases());
  const [command, ...args] = [...emulator, program, cases];
  const { stdout, stderr, status, error } = spawnSync(command!, args, { encoding: 'utf8' });
  return { printed: error?.message ?? stdout + stderr, exitCode: status };
}
