import { readFileSync } from 'node:fs';
import { importApart, isInstalled } from '../../testing/apart.mjs';

/** Where the peers are installed, on their own, so that `npm ci` at the top does not bring them. */
export const peersFolder: URL = new URL('../peers/', import.meta.url);

/** A peer's module. Peers are not installed where this is compiled, so the caller says what it uses of them. */
export const importPeer = <Module>(specifier: string): Promise<Module> => importApart(peersFolder, specifier);

/** The peers by name with their exact versions. */
export function peerVersions(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(new URL('package.json', peersFolder), 'utf8')).dependencies;
}

/** Whether what is installed is what the lock file says. */
export const peersInstalled = (): boolean => isInstalled(peersFolder);
