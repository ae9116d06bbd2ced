import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { peersFolder } from './folder.ts';

/** Bytes that a page loads before it can infer, gzipped one by one. */
export interface PageBytes {
  readonly javascript: number;
  readonly wasm: number;
}

interface Output {
  readonly type: 'chunk' | 'asset';
  readonly fileName: string;
  readonly code?: string;
  readonly source?: string | Uint8Array;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly moduleIds?: readonly string[];
}

/**
 * Builds a page from its entry as Vite does for production, and counts what it loads.
 *
 * @param packages  with the packages that are loaded on demand
 */
export async function pageBytes(entry: string, packages = false): Promise<PageBytes> {
  const root = await mkdtemp(join(tmpdir(), 'congruent-page-'));
  try {
    await writeFile(join(root, 'index.html'), '<script type="module" src="./entry.js"></script>');
    await writeFile(join(root, 'entry.js'), entry);
    await symlink(fileURLToPath(new URL('node_modules', peersFolder)), join(root, 'node_modules'), 'dir');
    const built = await build({ root, logLevel: 'silent', configFile: false, build: { write: false, minify: true } });
    const { output } = built as unknown as { output: readonly Output[] };
    const called = (name: string) => output.find(({ fileName }) => fileName === name);
    const isPackage = (name: string) => called(name)?.moduleIds?.some((id) => id.includes('/node_modules/'));
    const loaded = new Set(output.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
    for (const name of loaded) {
      for (const more of called(name)?.imports ?? []) loaded.add(more);
      for (const more of called(name)?.dynamicImports ?? []) if (packages && isPackage(more)) loaded.add(more);
    }
    const size = (pick: (file: Output) => boolean) =>
      output
        .filter(pick)
        .reduce((sum, { code, source }) => sum + gzipSync(code ?? source ?? '', { level: 9 }).length, 0);
    return {
      javascript: size(({ fileName }) => loaded.has(fileName)),
      wasm: size(({ fileName }) => fileName.endsWith('.wasm')),
    };
  } finally {
    await rm(root, { recursive: true });
  }
}
