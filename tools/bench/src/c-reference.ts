import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CellName } from './cells.ts';
import type { Problem } from './problem.ts';
import type { Contestant } from './processes.ts';
import { startProgram } from './program.ts';

export const C_NAME = 'plain C';

/** No vectorisation, no reordering, no fused multiply-add: what the scalar loops mean. */
export const C_FLAGS = ['-O2', '-std=c11', '-fno-tree-vectorize', '-ffp-contract=off'] as const;

const sourceOf = (cell: CellName): string => fileURLToPath(new URL(`../c/${cell}.c`, import.meta.url));

/** The version of gcc, or `undefined` where there is none. */
export function gccVersion(): string | undefined {
  const { status, stdout } = spawnSync('gcc', ['-dumpfullversion'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Compiles the reference and starts it on a streamed step. */
export async function startC(problem: Problem): Promise<Contestant> {
  const folder = await mkdtemp(join(tmpdir(), 'congruent-bench-'));
  try {
    const program = join(folder, problem.work.cell);
    await promisify(execFile)('gcc', [...C_FLAGS, sourceOf(problem.work.cell), '-o', program, '-lm']);
    return await startProgram(C_NAME, [program], problem);
  } finally {
    await rm(folder, { recursive: true });
  }
}
