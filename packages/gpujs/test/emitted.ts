import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmittedFile, printDeclarations } from '@congruent/codegen';
import type { GpuKernels } from '../src/cell.ts';

/** The text of the emitted file. */
export function textOf(files: readonly EmittedFile[]): string {
  const file = files.find(({ path }) => path.endsWith('.kernels.ts'));
  if (file?.kind !== 'typescript') throw new Error('nothing emitted');
  return printDeclarations(file.declarations);
}

const LIBRARY = fileURLToPath(new URL('../src/define.ts', import.meta.url));

/** The kernels that emitted TypeScript exports. */
export async function load(text: string): Promise<GpuKernels> {
  const folder = await mkdtemp(join(tmpdir(), 'congruent-'));
  try {
    const path = join(folder, 'emitted.ts');
    await writeFile(path, text.replaceAll("'@congruent/gpujs/define'", JSON.stringify(LIBRARY)));
    return ((await import(/* @vite-ignore */ path)) as { kernels: GpuKernels }).kernels;
  } finally {
    await rm(folder, { recursive: true });
  }
}
