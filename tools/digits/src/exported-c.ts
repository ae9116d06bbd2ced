import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Images } from './data.ts';
import { type Outcome, outcomeOf, withExported } from './exported.ts';

/** Reads images and writes logits. */
const program = fileURLToPath(new URL('../c/digits.c', import.meta.url));

/** The network as C, compared with what a deterministic backend gives, [N, 10], where there is a compiler. */
export const exportToC = ({ pixels }: Images, logits: Float32Array): Promise<Outcome> =>
  withExported('c', (folder) => {
    if (!hasCompiler())
      return { different: 0, line: 'C: digits.h, not run: there is no compiler (cc) on this machine' };
    copyFileSync(program, join(folder, 'digits.c'));
    execFileSync('cc', ['-std=c99', '-O2', 'digits.c', '-o', 'digits'], { cwd: folder });
    const input = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
    const printed = new Uint8Array(execFileSync(join(folder, 'digits'), { input }));
    return outcomeOf('C: digits.h, compiled by cc', new Float32Array(printed.buffer), logits);
  });

function hasCompiler(): boolean {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
