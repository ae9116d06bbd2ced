// Packages that only tests and benchmarks need, and that are too large for everybody: each set in a folder with a lock file
// of its own, so that `npm ci` at the top does not bring them.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Whether what is installed in a folder is what its lock file says. */
export function isInstalled(/** @type {URL} */ folder) {
  const versionsIn = (/** @type {string} */ file) => {
    try {
      const { packages } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
      const entries = Object.entries(packages).filter(([path, { optional }]) => path && !optional);
      return JSON.stringify(entries.map(([path, { version }]) => [path, version]));
    } catch {
      return '';
    }
  };
  const locked = versionsIn('package-lock.json');
  return locked !== '' && locked === versionsIn('node_modules/.package-lock.json');
}

/**
 * Installs what a folder's lock file says, with install scripts off, where it is not there.
 *
 * @param {URL} folder
 * @param {string} what  what is installed where, and how much it is, for whoever waits
 */
export function install(folder, what) {
  if (isInstalled(folder)) return;
  console.error(`Installing ${what}, once: npm ci --ignore-scripts`);
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: fileURLToPath(folder),
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${what}: this could not be installed, which needs the npm registry.`);
}

/**
 * A module that is installed in a folder. Where it is imported nobody knows its types.
 *
 * @param {URL} folder
 * @param {string} specifier
 */
export async function importApart(folder, specifier) {
  const { resolve } = createRequire(new URL('package.json', folder));
  const module = await import(pathToFileURL(resolve(specifier)).href);
  return module.default ?? module;
}
