#!/usr/bin/env node
// The command congruent-native-build: compiles the addon of the six cells of the classes where it is looked for.
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { CongruentError } from '@congruent/runtime';
import { compileAddon } from './addon.ts';
import { cellsIn } from './cells.ts';
import { type Compiler, findCompiler } from './compiler.ts';
import { inTemporaryFolder, objectsOr } from './folders.ts';
import { addonOf, GENERATED } from './paths.ts';
import { variantsFor } from './variants.ts';

const HELP = `congruent-native-build [--optional] [--out FILE] [--variants NAMES] [-- FLAG …]

Compiles the addon of @congruent/native from the C in its package, for platforms that have no prebuilt one. Takes GCC or
Clang: the one that the variable CC names, otherwise cc, gcc or clang. A cross compiler makes that platform's addon.

  --out FILE        instead of the place where @congruent/native looks
  --variants NAMES  only these, e.g. sse2,avx2
  --optional        where there is no compiler, say so and succeed; with CI=true it fails none the less
  -- FLAG …         more flags for the compiler, e.g. -- -Wall -Werror

exit codes: 0 done, 1 there is no compiler, or it failed, 2 wrong usage`;

async function main(args: readonly string[]): Promise<number> {
  const options = {
    help: { type: 'boolean' },
    optional: { type: 'boolean', default: false },
    out: { type: 'string' },
    variants: { type: 'string' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const start = performance.now();
  try {
    const compiler = findCompiler();
    const out = values.out ?? addonOf(compiler);
    const variants = variantsAsked(values.variants, compiler);
    await inTemporaryFolder((folder) => {
      const source = { compiler, cells: cellsIn(GENERATED), variants, flags: positionals, objects: objectsOr(folder) };
      return compileAddon(source, out);
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${relative('.', out)} by ${compiler.command} ${compiler.version} in ${seconds} s`);
    return 0;
  } catch (error) {
    if (!(error instanceof CongruentError)) throw error;
    const absent = error.code === 'NATIVE_COMPILER' && error.cause === undefined; // rather than one that failed
    const harmless = absent && values.optional && !process.env['CI'];
    console.error(harmless ? `@congruent/native is not compiled: ${error.message}` : error.message);
    return harmless ? 0 : 1;
  }
}

/** The names of variants as an option gives them; undefined: all. */
function variantsAsked(names: string | undefined, { arch }: Compiler): readonly string[] | undefined {
  const asked = names?.split(',');
  const known = variantsFor(arch).map(({ name }) => name);
  const unknown = asked?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length === 0) return asked;
  throw new Error(`--variants ${unknown.join(',')}: for ${arch} there are ${known.join(', ')}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`congruent-native-build: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
