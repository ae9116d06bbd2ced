// Other package managers and engines, each installed from npm by its name.
import assert from 'node:assert/strict';
import { requires } from './checks-npm.mjs';
import { typeCheck } from './checks-types.mjs';
import { PACKAGES } from './consumer.mjs';
import { check } from './gate.mjs';

const NODES = ['20.20.2', '22.23.3', '24.21.0', '26.9.0'];
const FILES = ['program.mjs', 'require.cjs', 'types.ts'];
const MODULE = { type: 'module' };

export async function managerChecks(place) {
  await pnpm(place);
  await yarn(place);
  await deno(place);
  await bun(place);
}

async function pnpm(place) {
  const folder = place.consumer(FILES, MODULE);
  const installed = await check('pnpm 12', async () => {
    await place.npx(11, folder, '--yes', 'pnpm@12.21.0', 'add', ...PACKAGES);
    assert.match(await place.node(folder, 'program.mjs'), /^fine: native/m);
  });
  if (installed) for (const way of ['nodenext', 'bundler']) await typeCheck(place, folder, 7, way, 'under pnpm');
}

const yarn = (place) =>
  check('yarn 4, Plug’n’Play', async () => {
    const folder = place.consumer(FILES, MODULE);
    const command = ['--yes', '--package=@yarnpkg/cli-dist@4.18.1', 'yarn'];
    await place.npx(11, folder, ...command, 'add', ...PACKAGES);
    assert.match(await place.npx(11, folder, ...command, 'node', 'program.mjs'), /^fine/m);
  });

const deno = (place) =>
  check('Deno 2', async () => {
    const folder = place.consumer(FILES, MODULE);
    const command = ['--yes', 'deno@2.9.6'];
    const names = PACKAGES.map((name) => `npm:${name}`);
    await place.npx(11, folder, ...command, 'add', '--minimum-dependency-age=0', ...names);
    assert.match(await place.npx(11, folder, ...command, 'run', '--allow-all', 'program.mjs'), /^fine/m);
  });

const bun = (place) =>
  check('Bun 1', async () => {
    const folder = place.consumer(FILES, MODULE);
    const command = ['--yes', 'bun@1.4.5'];
    await place.npx(11, folder, ...command, 'add', ...PACKAGES);
    assert.match(await place.npx(11, folder, ...command, 'program.mjs'), /^fine/m);
  });

/** The program of a version of Node, as npm installs it. */
export async function nodeOf(place, folder, version) {
  const command = ['--yes', `--package=node@${version}`, 'node', '--print', 'process.execPath'];
  return (await place.npx(11, folder, ...command)).trim().split('\n').at(-1);
}

/** Every Node that is supported, in a folder where all is installed. */
export async function nodeVersionChecks(place, folder) {
  for (const version of NODES)
    await check(`Node ${version}, import and require`, async () => {
      const node = await nodeOf(place, folder, version);
      assert.match(await place.run(folder, node, ['program.mjs']), /^fine: native/m);
      await requires(place, folder, node);
    });
}
