import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demandOf } from './limits.ts';
import type { Work } from './works.ts';

/** What no native code can pass on this machine, in microseconds. */
export interface NativeLimits {
  /** In which the vector units do the products of a work, if nothing else keeps them waiting. */
  readonly products: number;
  /** In which its weights are read once, and nothing else is done, from whichever cache holds them. */
  readonly reading: number;
}

const SOURCE = fileURLToPath(new URL('../c/limits.c', import.meta.url));

/** Measures the limits of works, by their ids; of none where there is no gcc. */
export function nativeLimits(works: readonly Work[]): ReadonlyMap<string, NativeLimits> {
  const folder = mkdtempSync(join(tmpdir(), 'congruent-bench-'));
  try {
    const program = join(folder, 'limits');
    if (spawnSync('gcc', ['-O2', '-march=native', SOURCE, '-o', program]).status !== 0) return new Map();
    const demands = works.map(demandOf);
    const bytes = demands.map(({ weightBytes }) => `${weightBytes}`);
    const { status, stdout } = spawnSync(program, bytes, { encoding: 'utf8' });
    if (status !== 0) return new Map();
    const [perMicrosecond, ...readings] = stdout.trim().split('\n').map(Number);
    return new Map(
      works.map(({ id }, index) => {
        const products = demands[index]!.multiplyAdds / perMicrosecond!;
        return [id, { products, reading: readings[index]! }];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
