import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileAddon } from './addon.ts';
import { findCompiler } from './compiler.ts';
import { inTemporaryFolder, objectsOr } from './folders.ts';

export { type AddonSource, compileAddon, kernelUnits } from './addon.ts';
export { type CellSource, cellsIn, listHeader } from './cells.ts';
export { type Compiler, findCompiler } from './compiler.ts';
export { compileUnits, runCompiler, type Unit } from './objects.ts';
export { C, GENERATED, OBJECTS } from './paths.ts';
export { type Variant, variantsFor } from './variants.ts';

/** What was generated of a cell. */
interface GeneratedCell {
  readonly name: string;
  /** The files of its kernels; paths are below their folder. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** A file that stands beside those it was built from. */
interface BuiltFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * What `congruent generate FILE --backend native` calls before it writes anything: an addon for each cell,
 * `<cell>.<platform>-<arch>.node`.
 *
 * @throws CongruentError NATIVE_COMPILER where there is no C compiler, or where it fails
 */
export default async function build(cells: readonly GeneratedCell[]): Promise<readonly BuiltFile[]> {
  const compiler = findCompiler();
  return inTemporaryFolder(async (folder) => {
    const built: BuiltFile[] = [];
    for (const { name, files } of cells) {
      const sources = files.filter(({ path }) => path.endsWith('.c'));
      for (const { path, text } of sources) writeFileSync(join(folder, path), text);
      const paths = sources.map(({ path }) => join(folder, path));
      const path = `${name}.${compiler.platform}-${compiler.arch}.node`;
      await compileAddon({ compiler, cells: [{ name, paths }], objects: objectsOr(folder) }, join(folder, path));
      built.push({ path, bytes: readFileSync(join(folder, path)) });
    }
    return built;
  });
}
