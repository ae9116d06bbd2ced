import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, packages } from './backends.ts';
import { CLASSES, TORCH_MODEL } from './data.ts';

const network = fileURLToPath(new URL('./network.js', import.meta.url));

/** Where the command finds the backends. */
const root = fileURLToPath(new URL('../', packages));

/** What came of an exported network. */
export interface Outcome {
  /** How many logits have other bits than those of a backend. */
  readonly different: number;
  /** A line that says so. */
  readonly line: string;
}

/** Exports the network with its weights for a target into a folder, which is gone after its use. */
export async function withExported<T>(target: string, use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'congruent-digits-'));
  try {
    const args = ['export', fileURLToPath(TORCH_MODEL), '--cell', `${network}#digits`, '--target', target];
    execFileSync(process.execPath, [command, ...args, '--name', 'digits', '--out', folder], { cwd: root });
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Compares bits.
 *
 * @param what    what gave the logits
 * @param logits  what a deterministic backend gives, [N, 10]
 */
export function outcomeOf(what: string, got: Float32Array, logits: Float32Array): Outcome {
  const different = logits.filter((value, at) => !Object.is(value, got[at])).length;
  const bits = different === 0 ? 'the same bits' : `${different} have other bits`;
  return { different, line: `${what}, ${logits.length / CLASSES} images of ${CLASSES} logits: ${bits}` };
}
