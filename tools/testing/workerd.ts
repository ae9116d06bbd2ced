import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { workerd } from '../engines/engines.mjs';

/** A file of a worker: a module of JavaScript, or of WebAssembly, which an import of it gives compiled. */
const moduleOf = (name: string): string =>
  `(name = "${name}", ${name.endsWith('.wasm') ? 'wasm' : 'esModule'} = embed "${name}")`;

const configOf = (names: readonly string[]): string => `
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);

const worker :Workerd.Worker = (
  modules = [${names.map(moduleOf).join(', ')}],
  compatibilityDate = "2026-11-01"
);
`;

/**
 * The address of a worker that runs until the test ends.
 *
 * @param files  by name; the first is the worker
 */
export async function serveWorker(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'congruent-workerd-'));
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
  writeFileSync(join(folder, 'config.capnp'), configOf(Object.keys(files)));
  const child = spawn(workerd(), ['serve', '--control-fd=3', 'config.capnp'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  onTestFinished(() => {
    child.kill();
    rmSync(folder, { recursive: true });
  });
  return await new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`workerd ended with ${code}`)));
    (child.stdio[3] as Readable).on('data', (line) => {
      const { event, port } = JSON.parse(String(line).split('\n')[0]!) as { event: string; port: number };
      if (event === 'listen') resolve(`http://127.0.0.1:${port}/`);
    });
  });
}

/**
 * A worker as it is bundled, with its imports of `.wasm` files left to workerd.
 *
 * @param root  the folder whose packages it imports
 */
export async function bundledWorker(root: string, code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    conditions: ['@congruent/source', 'workerd', 'worker'],
    external: ['*.wasm'],
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]!.text;
}
