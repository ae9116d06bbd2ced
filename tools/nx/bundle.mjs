// Puts the modules of the package in this folder together, a file for each of its entries and for what they share: a
// program that starts finds and reads a few files instead of fifty. Runs after `tsc -b`, which writes the declarations.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { name, exports, dependencies, optionalDependencies, peerDependencies } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);
/** What is installed with the package stays outside; what it names for development alone becomes part of it. */
const installed = [name, ...Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })];
/**
 * The sources of an entry, which may be one for each of several conditions.
 * @returns {string[]}
 */
const sourcesOf = (/** @type {any} */ entry) =>
  typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(sourcesOf);
// Not the emitter, which lies in a folder of its own and is built before what it makes.
const entries = Object.values(exports)
  .flatMap((entry) => sourcesOf(entry['@congruent/source'] ?? []))
  .filter((path) => path.startsWith('./src/'));

const built = readdirSync('dist', { recursive: true, encoding: 'utf8' });
for (const path of built) if (/\.js(\.map)?$/.test(path)) rmSync(`dist/${path}`); // names of shared files hold a hash

await build({
  entryPoints: entries,
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  external: ['node:*', ...installed.flatMap((each) => [each, `${each}/*`])],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
});
