// Types, as each TypeScript reads them in each way of finding modules, libraries checked as well.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PACKAGES } from './consumer.mjs';
import { check } from './gate.mjs';

const { resolve } = createRequire(import.meta.url);

/** The program `tsc` of a version: 7 is the workspace's own. */
const compiler = (version) =>
  join(dirname(resolve(`typescript${version === 7 ? '' : `-${version}`}/package.json`)), 'bin/tsc');

const WAYS = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  node10: { module: 'commonjs', moduleResolution: 'node10' },
  commonjs: { module: 'commonjs', moduleResolution: 'bundler' },
};

/** One version of TypeScript and one way of finding modules. */
export const typeCheck = (place, folder, version, way, where = 'libraries checked') =>
  check(`TypeScript ${version}, ${way}, ${where}`, async () => {
    const own = join(folder, `typescript-${version}-${way}`);
    mkdirSync(own, { recursive: true });
    const compilerOptions = {
      ...WAYS[way],
      target: 'es2022',
      strict: true,
      declaration: true,
      skipLibCheck: false,
      rootDir: '..',
      outDir: 'declared',
      types: [],
    };
    writeFileSync(join(own, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['../types.ts'] }));
    await place.node(folder, compiler(version), '-p', own);
  });

/** Where `exports` are not read, an entry has its types by `typesVersions`: both must say the same. */
const entryCheck = (folder) =>
  check('types of every entry, without exports', async () => {
    for (const name of PACKAGES) {
      const manifest = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
      const { exports, typesVersions, types } = JSON.parse(manifest);
      const wanted = Object.entries(exports).filter(([, { types }]) => types);
      const given = Object.entries(typesVersions?.['*'] ?? {}).map(([entry, [types]]) => [`./${entry}`, types]);
      assert.deepEqual(
        Object.fromEntries([['.', types], ...given]),
        Object.fromEntries(wanted.map(([entry, { types }]) => [entry, types])),
        `${name}: typesVersions in its package.json`,
      );
    }
  });

/** The oldest and the newest, as modern applications find modules. */
export async function typeChecks(place, folder) {
  await entryCheck(folder);
  for (const version of ['5.4', 7])
    for (const way of ['nodenext', 'bundler']) await typeCheck(place, folder, version, way);
}

/** Those between, and how older applications find modules; 7 no longer has node10, and those before 6 no commonjs besides. */
export async function allTypeChecks(place, folder) {
  for (const version of ['5.6', '5.9'])
    for (const way of ['nodenext', 'bundler']) await typeCheck(place, folder, version, way);
  for (const version of ['5.4', '5.6', '5.9']) await typeCheck(place, folder, version, 'node10');
  await typeCheck(place, folder, 7, 'commonjs');
}
