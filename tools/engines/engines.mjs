// Where the engines are that exported models are run in. Run as a program it prints which are there, for the cache of what
// tests find; in CI they are installed, or it is an error that they are not.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { importApart, install, isInstalled } from '../testing/apart.mjs';

const folder = new URL('./', import.meta.url);

/** Whether workerd and DuckDB are there; in CI they are then. */
export function enginesInstalled() {
  if (process.env['CI']) install(folder, 'engines into tools/engines (about 230 MB)');
  return isInstalled(folder);
}

/**
 * A module of an engine. Engines are not installed where tests are compiled, so a test says what it uses of them.
 *
 * @template Module
 * @param {string} specifier
 * @returns {Promise<Module>}
 */
export const importEngine = (specifier) => importApart(folder, specifier);

/** The program of workerd, which its package's script would put in place. */
export const workerd = () => createRequire(new URL('package.json', folder))('workerd').default;

/** The version of wabt, as Debian has it; undefined where it is not installed. */
export function wabtVersion() {
  const { error, stdout } = spawnSync('spectest-interp', ['--version'], { encoding: 'utf8' });
  return error ? undefined : stdout.trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`${isInstalled(folder) ? 'engines' : 'no engines'}, wabt ${wabtVersion() ?? 'not installed'}`);
}
