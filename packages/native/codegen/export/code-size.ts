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

/**
 * How large the machine code of a model is, without its constants: a line for each compiler that is on this machine.
 *
 * @param constants  their bytes
 */
export function codeSizes(path: string, header: string, name: string, constants: number): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'congruent-export-'));
  try {
    writeFileSync(join(folder, path), header);
    writeFileSync(join(folder, 'model.c'), program(path, name));
    return COMPILERS.flatMap(({ compiler, options, size }) => {
      const run = (tool: string, ...args: readonly string[]): string =>
        execFileSync(tool, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      try {
        run(compiler, ...options.split(' '), '-c', 'model.c', '-o', 'model.o');
        const [, sizes] = run(size, 'model.o').trim().split('\n');
        return [`code: ${Number.parseInt(sizes!, 10) - constants} bytes by ${compiler} ${options}`];
      } catch {
        return []; // It is not on this machine, or is not of this kind.
      }
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
