import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Compilers that may be on a machine, what they are told, and what tells how large the result is. */
const COMPILERS = [
  {
    compiler: 'arm-none-eabi-gcc',
    options: '-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard -Os -ffp-contract=off',
    size: 'arm-none-eabi-size',
  },
  { compiler: 'cc', options: '-Os -ffp-contract=off', size: 'size' },
];

/** A program that calls what everybody calls. */
const program = (path: string, name: string): string => `#include "${path}"
void model(${name}_state *state, const float *x, float *y) {
  ${name}_reset(state);
  ${name}_step(state, x, y);
  ${name}_run(state, 2, x, y);
}
`;

/** Declared, rather than defined: constants are no code, and a compiler takes minutes to read millions of them. */
const withoutValues = (header: string): string =>
  header.replaceAll(/^static const (\w+ \w+) = \{\n.*?^\};$/gms, 'extern const $1;');

/** How large the machine code of a model is, without its constants: a line for each compiler that is on this machine. */
export function codeSizes(path: string, header: string, name: string): readonly string[] {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'congruent-export-'));
    writeFileSync(join(folder, path), withoutValues(header));
    writeFileSync(join(folder, 'model.c'), program(path, name));
    return COMPILERS.flatMap((each) => codeSize(folder!, each));
  } catch {
    return []; // There is no room for temporary files, and the model is whole without this.
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  }
}

function codeSize(cwd: string, { compiler, options, size }: (typeof COMPILERS)[number]): readonly string[] {
  const run = (tool: string, ...args: readonly string[]): string =>
    execFileSync(tool, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    run(compiler, ...options.split(' '), '-c', 'model.c', '-o', 'model.o');
    const [, sizes] = run(size, 'model.o').trim().split('\n');
    return [`code: ${Number.parseInt(sizes!, 10)} bytes by ${compiler} ${options}`];
  } catch {
    return []; // It is not on this machine, or is not of this kind.
  }
}
