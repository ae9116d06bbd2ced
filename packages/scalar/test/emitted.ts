import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmittedFile, printDeclarations } from '@congruent/codegen';
import type { Kernels } from '../src/kernels.ts';

/** The text of the emitted file for an element type. */
export function textOf(files: readonly EmittedFile[], dtype: string): string {
  const file = files.find(({ path }) => path.endsWith(`.${dtype}.ts`));
  if (file?.kind !== 'typescript') throw new Error(`nothing emitted for ${dtype}`);
  return printDeclarations(file.declarations);
}

/** The kernels that emitted TypeScript exports. */
export async function load(text: string): Promise<Kernels> {
  const folder = await mkdtemp(join(tmpdir(), 'congruent-'));
  try {
    const path = join(folder, 'emitted.ts');
    await writeFile(path, text);
    return ((await import(/* @vite-ignore */ path)) as { kernels: Kernels }).kernels;
  } finally {
    await rm(folder, { recursive: true });
  }
}
