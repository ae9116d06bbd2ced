import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The site as it was built: `npm run docs:build`. */
const site: string = fileURLToPath(new URL('../.vitepress/dist', import.meta.url));

/** Every file of it, by its path there. */
export const files: ReadonlySet<string> = new Set(
  readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => posix.relative(site, join(parentPath, name))),
);

export const read = (path: string): string => readFileSync(join(site, path), 'utf8');

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Serves the site from a folder, as any static host does: files, and a folder's index.html. */
export async function serve(folder: string): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url!, 'http://localhost');
    const path = join(site, decodeURIComponent(pathname.slice(folder.length)));
    const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'index.html') : path;
    const type = TYPES[extname(file)];
    const isFile = pathname.startsWith(folder) && statSync(file, { throwIfNoEntry: false })?.isFile();
    response.writeHead(isFile ? 200 : 404, type && isFile ? { 'content-type': type } : {});
    response.end(isFile ? readFileSync(file) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${folder}`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
