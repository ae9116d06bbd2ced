// Bundlers that an application installs by name, with their default settings; what they build runs in Chromium.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runsInPage } from './checks-pages.mjs';
import { check } from './gate.mjs';

const IMPORTED = ['congruent', '@congruent/gpujs', '@congruent/models', '@congruent/scalar', '@congruent/train'];

/** An application with a page, which has the bundler as a dependency for development. */
async function application(place, bundler, files = ['page']) {
  const folder = place.consumer(files, { type: 'module' });
  await place.npm(11, folder, 'install', ...IMPORTED, ...bundler);
  return folder;
}

/** Puts a page beside the script that a bundler made. */
function pageFor(folder, built, script) {
  const page = readFileSync(join(folder, 'page/index.html'), 'utf8');
  writeFileSync(join(folder, built, 'index.html'), page.replace('./page.mjs', `./${script}`));
}

export async function bundlerChecks(place) {
  await webpack(place);
  await rollup(place);
  await parcel(place);
  await next(place);
}

const webpack = (place) =>
  check('webpack 5, a page', async () => {
    const folder = await application(place, ['webpack@5.113.0', 'webpack-cli@7.3.1']);
    const printed = await place.npx(11, folder, 'webpack', '--entry', './page/page.mjs', '--mode', 'production');
    assert.doesNotMatch(printed, /critical|WARNING(?! in (asset|entrypoint|webpack performance))/);
    pageFor(folder, 'dist', 'main.js');
    return runsInPage(join(folder, 'dist'));
  });

const rollup = (place) =>
  check('Rollup 4, a page', async () => {
    const folder = await application(place, ['rollup@4.68.8', '@rollup/plugin-node-resolve@16.0.3']);
    const printed = await place.npx(11, folder, 'rollup', 'page/page.mjs', '--plugin', 'node-resolve', '--dir', 'dist');
    assert.doesNotMatch(printed, /\(!\)/);
    pageFor(folder, 'dist', 'page.js');
    return runsInPage(join(folder, 'dist'));
  });

async function parcel(place) {
  for (const page of ['page', 'layers'])
    await check(`Parcel 2, ${page}`, async () => {
      const folder = await application(place, ['parcel@2.16.4'], [page]);
      await place.npx(11, folder, 'parcel', 'build', `${page}/index.html`);
      return runsInPage(join(folder, 'dist'));
    });
}

async function next(place) {
  let folder;
  for (const [name, option] of [
    ['Turbopack', '--turbopack'],
    ['webpack', '--webpack'],
  ])
    await check(`Next 16 with ${name}, a page`, async () => {
      folder ??= await application(place, ['next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1'], ['page', 'next']);
      const app = join(folder, 'next');
      const printed = await place.npx(11, app, 'next', 'build', option);
      assert.doesNotMatch(printed, /critical dependency|compiled with warnings/i);
      return runsInPage(join(app, 'out'));
    });
}
