import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

/** What the page may do: run its own scripts and modules, and nothing from elsewhere. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
};

/**
 * Serves the page on this machine alone.
 *
 * @param files  where each of its files is, by path from its address
 * @param port   0 for any that is free
 * @returns the server, and the address of the page
 */
export async function serve(
  files: ReadonlyMap<string, URL>,
  port = 0,
): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer(async ({ url = '/' }, response) => {
    const file = files.get(new URL(url, 'http://localhost').pathname.slice(1));
    const contents = file && (await readFile(file).catch(() => undefined));
    if (!contents) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file.pathname)],
      'content-length': contents.length,
      'content-security-policy': POLICY,
      'cache-control': 'no-cache',
    });
    response.end(contents);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
