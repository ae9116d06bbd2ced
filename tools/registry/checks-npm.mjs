// Installed by npm: alone, for its size; together, by npm 10 and 11; again from the lock file; and run by Node.
import assert from 'node:assert/strict';
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGES } from './consumer.mjs';
import { check } from './gate.mjs';

const MB = 1e6;
/** The most that a package may install, with all that it needs, in MB: what was measured, and a tenth. */
const LIMITS = {
  congruent: 9.9,
  'congruent --omit=optional': 7.2,
  '@congruent/cli': 147,
  '@congruent/codegen': 1.5,
  '@congruent/conformance': 8,
  '@congruent/gpujs': 3.8,
  '@congruent/models': 6.1,
  '@congruent/native': 3.6,
  '@congruent/runtime': 0.8,
  '@congruent/scalar': 1.8,
  '@congruent/spec': 0.5,
  '@congruent/train': 0.9,
  '@congruent/wasm': 5.1,
};

/** gpu.js is part of a package; what it would install for Node is machine code of 200 MB. */
const UNWANTED = ['gpu.js', 'gl', 'webgpu'];

/** The bytes of the files below a folder. */
function bytesBelow(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + lstatSync(join(parentPath, name)).size, 0);
}

/** The first example of a package's README, pasted into an .mjs where nothing is installed but what the README says before it. */
async function firstExample(place, folder, name) {
  const readme = readFileSync(join(folder, 'node_modules', name, 'README.md'), 'utf8');
  const [before, code] = /^([\s\S]*?)^```js\n([\s\S]*?)^```$/m.exec(readme).slice(1);
  const words = [...before.matchAll(/^npm install (.*)$/gm)].flatMap(([, line]) => line.split(' '));
  await place.npm(11, folder, 'install', ...words);
  writeFileSync(join(folder, 'example.mjs'), code);
  await place.node(folder, 'example.mjs');
}

/** Every package in a folder of its own, and `congruent` without the machine code that is optional. */
export const aloneChecks = (place) =>
  Object.entries(LIMITS).map(
    ([words, limit]) =>
      () =>
        check(`${words} alone`, async () => {
          const folder = place.consumer();
          const [name, ...options] = words.split(' ');
          await place.npm(11, folder, 'install', name, ...options);
          const unwanted = UNWANTED.filter((each) => existsSync(join(folder, 'node_modules', each)));
          assert.deepEqual(unwanted, [], 'nobody asked for these, and they are installed');
          const size = bytesBelow(join(folder, 'node_modules')) / MB;
          const own = bytesBelow(join(folder, 'node_modules', name)) / MB;
          await place.node(folder, '--input-type=module', '-e', `await import('${name}')`);
          if (options.length === 0) await firstExample(place, folder, name);
          rmSync(folder, { recursive: true });
          assert(size <= limit, `installs ${size.toFixed(1)} MB, more than ${limit} MB`);
          return `installs ${size.toFixed(2)} MB, its own files ${own.toFixed(2)} MB`;
        }),
  );

/** Names and versions of what is installed. */
async function tree(place, npm, folder) {
  const listed = JSON.parse(await place.npm(npm, folder, 'ls', '--all', '--json'));
  assert.equal(listed.problems, undefined);
  return listed.dependencies;
}

/** All packages by `npm install`, then once more by `npm ci`. */
export async function npmChecks(place, npm) {
  const files = ['program.mjs', 'require.cjs', 'types.ts', 'page', 'layers', 'places'];
  const folder = place.consumer(files, { type: 'module' });
  const installed = await check(`npm ${npm} install`, async () => {
    await place.npm(npm, folder, 'install', ...PACKAGES);
    const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    const scripts = Object.keys(packages).filter((path) => packages[path].hasInstallScript);
    assert.deepEqual(scripts, [], 'these have install scripts');
    assert.match(await place.node(folder, 'program.mjs'), /^fine: native/m);
  });
  if (!installed) return undefined;
  await check(`npm ${npm} ci from that lock file`, async () => {
    const before = await tree(place, npm, folder);
    await place.npm(npm, folder, 'ci');
    assert.deepEqual(await tree(place, npm, folder), before);
    assert.match(await place.node(folder, 'program.mjs'), /^fine/m);
  });
  return folder;
}

/** The command and `require`, where all packages are installed. */
export async function nodeChecks(place, folder) {
  await check('npx congruent show gru', async () => {
    assert.match(await place.npx(11, folder, '--no', 'congruent', 'show', 'gru'), /sigmoid/);
  });
  await check(`Node ${process.versions.node}, require`, () => requires(place, folder, process.execPath));
}

/** Every Node that is supported gives modules to `require`. */
export async function requires(place, folder, node) {
  assert.match(await place.run(folder, node, ['require.cjs']), /^fine/m);
}
