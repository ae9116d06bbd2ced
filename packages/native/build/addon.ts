// An addon: the sources of Node-API, once, and the kernels of some cells, once for each variant.
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type CellSource, listHeader } from './cells.ts';
import type { Compiler } from './compiler.ts';
import { makeFolderOf } from './folders.ts';
import { compileUnits, runCompiler, type Unit } from './objects.ts';
import { BUILD, C, NODE_API } from './paths.ts';
import { type Variant, variantsFor } from './variants.ts';

/** What an addon is made of. */
export interface AddonSource {
  readonly compiler: Compiler;
  readonly cells: readonly CellSource[];
  /** Only these of the variants for the compiler's processor. */
  readonly variants?: readonly string[] | undefined;
  /** More flags, to compile and to link: warnings, sanitizers. */
  readonly flags?: readonly string[];
  /** The folder of object files, which may be kept and may be deleted. */
  readonly objects: string;
}

/** Never for the processor at hand, and nothing that changes the order or the rounding of operations. */
const FLAGS = ['-std=gnu11', '-O2', '-ffp-contract=off', '-fPIC', '-fvisibility=hidden'];

/** How an addon is linked: Node has the functions of Node-API. */
const LINKING: Readonly<Record<string, readonly string[]>> = {
  darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
};
const ELF = ['-shared', '-pthread', '-static-libgcc', '-Wl,--as-needed', '-Wl,-O1'];

/**
 * Compiles and links an addon. The file is replaced as a whole, so that a process that has loaded it goes on with the
 * old one.
 *
 * @param out  the file that is written
 * @throws CongruentError NATIVE_COMPILER where the compiler fails, OUTPUT_FOLDER where the file cannot be written
 */
export async function compileAddon(source: AddonSource, out: string): Promise<void> {
  const { compiler, flags = [], objects } = source;
  makeFolderOf(out);
  const built = await compileUnits(compiler, [...kernelUnits(source), ...addonUnits(source)], objects);
  const part = `${out}.${process.pid}.part`;
  const linking = LINKING[compiler.platform] ?? ELF;
  await runCompiler(compiler, [...linking, ...flags, ...built, '-o', part], 'linking');
  renameSync(part, out);
}

/** The kernels of the cells, and the products that they call, for each variant. */
export function kernelUnits({ compiler, cells, variants, flags = [] }: AddonSource): readonly Unit[] {
  const shared = sourcesIn('kernels');
  return chosen(compiler, variants).flatMap((variant) => {
    const all = [
      ...FLAGS,
      ...platformFlags(compiler),
      ...flags,
      ...variant.flags,
      `-DCONGRUENT_VARIANT=${variant.name}`,
    ];
    const unit = (path: string, ...more: readonly string[]): Unit => ({
      path,
      flags: [...all, ...more],
      includes: INCLUDES,
    });
    return [
      ...cells.flatMap(({ paths }) => paths.map((path) => unit(path))), // the first to fail
      ...shared.flatMap((path) => [32, 64].map((bits) => unit(path, `-DCONGRUENT_DTYPE=${bits}`))),
    ];
  });
}

/** What is the same for all variants; it includes the list of cells and variants, `cells.h`. */
function addonUnits({ compiler, cells, variants, flags = [], objects }: AddonSource): readonly Unit[] {
  const names = chosen(compiler, variants).map(({ name }) => name);
  const list = listHeader(objects, cells, names);
  return sourcesIn('addon').map((path) => ({
    path,
    flags: [...FLAGS, ...platformFlags(compiler), ...flags],
    includes: [...INCLUDES, join(C, 'addon'), list, NODE_API],
  }));
}

/** Folders with headers that all include. */
const INCLUDES = [C, BUILD];

/** So that it runs where glibc is old; other C libraries of Linux have no versions. */
const platformFlags = ({ platform, arch, machine }: Compiler): readonly string[] =>
  platform === 'linux' && ['x64', 'arm64'].includes(arch) && !machine.includes('musl') ? ['-include', 'glibc.h'] : [];

const chosen = ({ arch }: Compiler, names: readonly string[] | undefined): readonly Variant[] =>
  variantsFor(arch).filter(({ name }) => names?.includes(name) ?? true);

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(join(C, folder))
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => join(C, folder, name));
