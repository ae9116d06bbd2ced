import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

/** The site as it was built: `npm run docs:build`. */
const site = fileURLToPath(new URL('../.vitepress/dist', import.meta.url));

/** Every file of it, by its path there. */
export const files: ReadonlySet<string> = new Set(
  readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => posix.relative(site, join(parentPath, name))),
);

export const read = (path: string): string => readFileSync(join(site, path), 'utf8');

/** Serves the site from a folder, as any static host does: files, and a folder's index.html. */
export async function serve(base: string): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = await preview({
    configFile: false,
    root: site,
    base,
    appType: 'mpa',
    logLevel: 'silent',
    build: { outDir: '.' },
    preview: { host: '127.0.0.1' },
  });
  return { address: server.resolvedUrls!.local[0]!, close: () => server.close() };
}
