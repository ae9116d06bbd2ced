// Puts the modules of the package in this folder together, a file for each of its entries and for what they share: a
// program that starts finds and reads a few files instead of fifty. Runs after `tsc -b`, which writes the declarations.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { licensesOf } from './licenses.mjs';

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

/** @type {import('esbuild').BuildOptions} */
const common = {
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  logLevel: 'warning',
  metafile: true,
};
const isWhole = (/** @type {string} */ path) => path.endsWith('.bundle.ts');

const parts = await build({
  ...common,
  entryPoints: entries.filter((path) => !isWhole(path)),
  splitting: true,
  external: ['node:*', ...installed.flatMap((each) => [each, `${each}/*`])],
  sourcemap: 'linked',
  sourcesContent: false,
});
// One file each, with all dependencies and what the others load later. From sources, which the package itself is found by
// as well: it must not be there twice. For pages, so that nothing of Node is in it. Without a map, as that would have to
// hold the sources of several packages.
const whole = await build({
  ...common,
  entryPoints: entries.filter(isWhole),
  conditions: ['@congruent/source'],
  define: { process: 'undefined' },
  minify: true,
});

// Files with code of other packages have no map: it would lead to sources that no application has.
for (const [path, { inputs }] of Object.entries(parts.metafile?.outputs ?? {})) {
  if (path.endsWith('.map') || !Object.keys(inputs).some((source) => source.includes('/node_modules/'))) continue;
  rmSync(`${path}.map`);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/\/\/# sourceMappingURL=.*\n$/, ''));
}

const sources = [parts, whole].flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
const licenses = licensesOf([...new Set(sources)]);
if (licenses) writeFileSync('dist/licenses.txt', licenses);
