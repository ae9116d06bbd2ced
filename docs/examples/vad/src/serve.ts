import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PageFile } from './page-files.ts';

/** What the page may do: run its own scripts and modules, and nothing from elsewhere. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:";

/**
 * Serves files on this machine alone.
 *
 * @param port  0 for any that is free
 * @returns the server, and the address of the page
 */
export async function serve(
  files: ReadonlyMap<string, PageFile>,
  port = 0,
): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(new URL(url, 'http://localhost').pathname.slice(1));
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const { type, contents } = file;
    response.writeHead(200, {
      'content-type': `${type}${type.startsWith('text/') ? '; charset=utf-8' : ''}`,
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
