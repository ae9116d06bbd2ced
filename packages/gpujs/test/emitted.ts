import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmittedFile, printDeclarations } from '@congruent/codegen';
import type { GpuCell } from '../src/cell.ts';

/** The text of the emitted file. */
export function textOf(files: readonly EmittedFile[]): string {
  const [file] = files;
  if (file?.kind !== 'typescript') throw new Error('nothing emitted');
  return printDeclarations(file.declarations);
}

const HOST = fileURLToPath(new URL('../src/host.ts', import.meta.url));

/** The cell that emitted TypeScript is. */
export async function load(text: string): Promise<GpuCell> {
  const folder = await mkdtemp(join(tmpdir(), 'congruent-'));
  try {
    const path = join(folder, 'emitted.ts');
    await writeFile(path, text.replace("'../host.ts'", JSON.stringify(HOST)));
    return await import(/* @vite-ignore */ path);
  } finally {
    await rm(folder, { recursive: true });
  }
}
