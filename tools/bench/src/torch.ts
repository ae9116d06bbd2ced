import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CELLS } from './cells.ts';
import type { Problem } from './problem.ts';
import type { Contestant } from './processes.ts';
import { startProgram } from './program.ts';

export const TORCH_NAME = 'PyTorch (CUDA)';

const PYTHON = process.env['PYTHON'] ?? 'python3';
const script = fileURLToPath(new URL('../python/layer.py', import.meta.url));

/** PyTorch's version, cuDNN's, and the card, or `undefined` where one of them is missing. */
export function torchVersion(): string | undefined {
  const { status, stdout } = spawnSync(PYTHON, [script], { encoding: 'utf8' });
  return (status === 0 && stdout.trim()) || undefined;
}

/** Starts torch's layer, which is cuDNN's, on whole sequences. */
export const startTorch = (problem: Problem): Promise<Contestant> =>
  startProgram(TORCH_NAME, [PYTHON, script, 'cuda', CELLS[problem.work.cell].className], problem);
