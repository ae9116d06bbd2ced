// A registry on loopback: the packages of this repository as they were published to it, everything else from the registry
// that npm is configured with.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { start } from './processes.mjs';

const { resolve } = createRequire(import.meta.url);

/** A port of 127.0.0.1 that nobody listens on. */
const freePort = () =>
  new Promise((found, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });

/**
 * @param {string} folder  where it keeps what it has
 * @param {string} uplink  the registry for everything else
 * @returns {Promise<string>} its address
 */
export async function startRegistry(folder, uplink) {
  mkdirSync(folder, { recursive: true });
  const ours = { access: '$all', publish: '$all', unpublish: '$all' };
  const config = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: { configured: { url: uplink, timeout: '60s', maxage: '60m' } },
    packages: { congruent: ours, '@congruent/*': ours, '**': { access: '$all', proxy: 'configured' } },
    max_body_size: '100mb',
    log: { type: 'stdout', level: 'error' },
  };
  const file = join(folder, 'config.yaml');
  writeFileSync(file, JSON.stringify(config)); // which is YAML, too
  const port = await freePort();
  const server = start(process.execPath, [resolve('verdaccio/bin/verdaccio'), '-c', file, '-l', `127.0.0.1:${port}`], {
    cwd: folder,
  });
  let printed = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (text) => (printed = `${printed}${text}`.slice(-4000)));
  const address = `http://127.0.0.1:${port}/`;
  for (let tries = 0; tries < 150; tries++) {
    if (server.exitCode !== null) throw new Error(`verdaccio ended with ${server.exitCode}\n${printed}`);
    try {
      if ((await fetch(`${address}-/ping`)).ok) return address;
    } catch {} // not listening yet
    await setTimeout(200);
  }
  throw new Error(`verdaccio does not answer at ${address}\n${printed}`);
}
