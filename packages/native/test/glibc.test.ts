// An addon runs where the C library is as old as build/README.md says.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cellsIn, compileAddon, GENERATED, OBJECTS } from '../build/index.ts';
import { absent, compilerNamed, WARNINGS } from './harness.ts';

const README = readFileSync(new URL('../build/README.md', import.meta.url), 'utf8');

/** What `objdump -T` says of an addon: the version of each function of the C library, and the libraries it needs. */
function neededBy(objdump: string, addon: string): { readonly glibc: readonly string[]; readonly libraries: string[] } {
  const said = (option: string): string => spawnSync(objdump, [option, addon], { encoding: 'utf8' }).stdout;
  return {
    glibc: [...said('-T').matchAll(/\*UND\*.*GLIBC_([\d.]+)/g)].map(([, version]) => version!),
    libraries: [...said('-p').matchAll(/NEEDED\s+(\S+)/g)].map(([, name]) => name!),
  };
}

const isNewer = (version: string, than: string): boolean => version.localeCompare(than, 'en', { numeric: true }) > 0;

test.for([
  { cc: 'gcc', objdump: 'objdump' },
  { cc: 'aarch64-linux-gnu-gcc', objdump: 'aarch64-linux-gnu-objdump' },
])('the addon that $cc makes needs no newer glibc than is documented, and no other library', async (given, context) => {
  const compiler = compilerNamed(given.cc);
  if (compiler?.platform !== 'linux') return absent(context, given.cc);
  const platform = `${compiler.platform}-${compiler.arch}`;
  const documented = new RegExp(`@congruent/native-${platform}\` \\| glibc ([\\d.]+)`).exec(README)?.[1];
  const addon = fileURLToPath(new URL(`../build/glibc/${platform}.node`, import.meta.url));
  await compileAddon({ compiler, cells: cellsIn(GENERATED), flags: WARNINGS, objects: OBJECTS }, addon);
  expect(existsSync(addon)).toBe(true);
  const { glibc, libraries } = neededBy(given.objdump, addon);
  expect(glibc.length).toBeGreaterThan(0);
  expect(glibc.filter((version) => isNewer(version, documented!))).toEqual([]);
  expect(libraries.filter((name) => !/^(libc|libpthread|ld-linux.*)\.so/.test(name))).toEqual([]);
});
