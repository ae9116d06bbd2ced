import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Where the peers are installed, on their own, so that `npm ci` at the top does not bring them. */
export const peersFolder: URL = new URL('../peers/', import.meta.url);

const manifest = new URL('package.json', peersFolder);
const { resolve } = createRequire(manifest);

/** A peer's module. Peers are not installed where this is compiled, so the caller says what it uses of them. */
export async function importPeer<Module>(specifier: string): Promise<Module> {
  const module = await import(pathToFileURL(resolve(specifier)).href);
  return module.default ?? module;
}

/** The peers by name with their exact versions. */
export function peerVersions(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(manifest, 'utf8')).dependencies;
}

/** Whether what is installed is what the lock file says. */
export function peersInstalled(): boolean {
  const versionsIn = (file: string): string => {
    try {
      const { packages } = JSON.parse(readFileSync(new URL(file, peersFolder), 'utf8'));
      const entries = Object.entries<{ version: string; optional?: boolean }>(packages);
      const needed = entries.filter(([path, { optional }]) => path && !optional);
      return JSON.stringify(needed.map(([path, { version }]) => [path, version]));
    } catch {
      return '';
    }
  };
  const locked = versionsIn('package-lock.json');
  return locked !== '' && locked === versionsIn('node_modules/.package-lock.json');
}
