import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { CongruentError } from '@congruent/runtime';

/** A C compiler, GCC or Clang, and what it compiles for. */
export interface Compiler {
  readonly command: string;
  /** What stands before all other arguments. */
  readonly args: readonly string[];
  /** What it says of itself, without the name by which it was called. */
  readonly version: string;
  /** What it compiles for, by its own name: x86_64-linux-gnu. */
  readonly machine: string;
  /** The same by Node's names: linux, x64. */
  readonly platform: string;
  readonly arch: string;
}

const CANDIDATES = ['cc', 'gcc', 'clang'];

/** Node's names for what compilers call otherwise. */
const PLATFORMS: readonly (readonly [RegExp, string])[] = [
  [/darwin|macos/, 'darwin'],
  [/mingw|windows/, 'win32'],
  [/linux/, 'linux'],
  [/freebsd/, 'freebsd'],
];
const ARCHITECTURES: readonly (readonly [RegExp, string])[] = [
  [/^(x86_64|amd64)/, 'x64'],
  [/^(aarch64|arm64)/, 'arm64'],
  [/^i[3-6]86/, 'ia32'],
  [/^arm/, 'arm'],
  [/^(powerpc|ppc)64/, 'ppc64'],
];

const named = (text: string, names: readonly (readonly [RegExp, string])[]): string | undefined =>
  names.find(([pattern]) => pattern.test(text))?.[1];

/**
 * The compiler that the variable CC names, otherwise the first of cc, gcc and clang.
 *
 * @throws CongruentError NATIVE_COMPILER where there is none
 */
export function findCompiler(given: string | undefined = process.env['CC']): Compiler {
  const cc = given?.trim();
  for (const words of cc ? [cc.split(/\s+/)] : CANDIDATES.map((name) => [name])) {
    const compiler = compilerAt(words);
    if (compiler) return compiler;
  }
  const looked = cc ? `CC=${cc} is none that runs` : `none of ${CANDIDATES.join(', ')} is there`;
  throw new CongruentError(
    'NATIVE_COMPILER',
    `compiling for @congruent/native takes GCC or Clang, and ${looked}. Install one (Debian, Ubuntu: apt-get install gcc; ` +
      'macOS: xcode-select --install) or name it: CC=/path/to/gcc. @congruent/wasm gives the same bits without a compiler.',
  );
}

function compilerAt([command, ...args]: readonly string[]): Compiler | undefined {
  const ask = (what: string): string | undefined => {
    const { status, stdout } = spawnSync(command!, [...args, what], { encoding: 'utf8' });
    return status === 0 ? stdout.split('\n')[0]!.trim() : undefined;
  };
  const [version, machine] = [ask('--version'), ask('-dumpmachine')];
  if (version === undefined || machine === undefined) return undefined;
  return {
    command: command!,
    args,
    version: version.replace(basename(command!), '').trim(),
    machine,
    platform: named(machine, PLATFORMS) ?? process.platform,
    arch: named(machine, ARCHITECTURES) ?? machine.split('-')[0]!,
  };
}
