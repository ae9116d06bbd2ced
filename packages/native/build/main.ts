#!/usr/bin/env node
// The command congruent-native-build: compiles the addon of the six cells of the classes where it is looked for.
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { CongruentError } from '@congruent/runtime';
import { compileAddon } from './addon.ts';
import { cellsIn } from './cells.ts';
import { findCompiler } from './compiler.ts';
import { addonOf, GENERATED, OBJECTS } from './paths.ts';

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
    const variants = values.variants?.split(',');
    await compileAddon({ compiler, cells: cellsIn(GENERATED), variants, flags: positionals, objects: OBJECTS }, out);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${relative('.', out)} by ${compiler.command} ${compiler.version} in ${seconds} s`);
    return 0;
  } catch (error) {
    if (!(error instanceof CongruentError)) throw error;
    const absent = error.cause === undefined; // no compiler, rather than one that failed
    const harmless = absent && values.optional && !process.env['CI'];
    console.error(harmless ? `@congruent/native is not compiled: ${error.message}` : error.message);
    return harmless ? 0 : 1;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`congruent-native-build: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
