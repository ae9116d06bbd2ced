// AudioWorklets as docs/audio-worklets.md has them made by bundlers; what they build runs in Chromium. That of a page without
// a bundler is a test of tools/examples.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { titleOf } from '../testing/page-title.mjs';
import { check } from './gate.mjs';

const RECIPES = 'audio-worklets';

/** Puts what a bundler needs beside the page and the processor that all have, in an application that has the recipes. */
function recipe(folder, bundler) {
  const own = join(folder, `worklet-${bundler}`);
  for (const file of ['page.js', 'processor.js', 'add-processor.js'])
    cpSync(join(folder, RECIPES, file), join(own, file));
  cpSync(join(folder, RECIPES, bundler), own, { recursive: true });
  return own;
}

const rendersIn = async (built) => assert.equal(await titleOf(built), 'the same bits in both places');

export async function workletChecks(place) {
  const folder = place.consumer([RECIPES], { type: 'module' });
  await check('Vite, an AudioWorklet', async () => {
    await place.npm(11, folder, 'install', '@congruent/wasm');
    const own = recipe(folder, 'vite');
    await place.run(own, resolve('node_modules/.bin/vite'), ['build']);
    await rendersIn(join(own, 'dist'));
  });
  await check('webpack 5, an AudioWorklet', async () => {
    await place.npm(11, folder, 'install', 'webpack@5.113.0', 'webpack-cli@7.3.1');
    const own = recipe(folder, 'webpack');
    await place.npx(11, own, 'webpack', '--mode', 'production');
    cpSync(join(own, 'index.html'), join(own, 'dist/index.html'));
    await rendersIn(join(own, 'dist'));
  });
}
