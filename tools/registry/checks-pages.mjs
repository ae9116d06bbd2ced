// Pages: built for production by bundlers with their default settings, then run in Chromium.
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { titleOf } from '../testing/page-title.mjs';
import { check } from './gate.mjs';

const bin = (name) => resolve('node_modules/.bin', name);

/** What is built, and runs on WebAssembly. */
export async function runsInPage(built) {
  assert.equal(await titleOf(built), 'fine: wasm');
  const scripts = readdirSync(built, { recursive: true }).filter((file) => /\.m?js$/.test(file));
  const bytes = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(join(built, file))).length, 0);
  return `${scripts.length} scripts, ${(bytes / 1000).toFixed(0)} kB after gzip`;
}

/** The workspace's own two, for an application in `folder`. */
export async function pageChecks(place, folder) {
  await check('Vite, a page', async () => {
    const printed = await place.run(join(folder, 'page'), bin('vite'), [
      'build',
      '--outDir',
      '../vite',
      '--emptyOutDir',
    ]);
    // gpu.js is one file of 630 kB, loaded when gpujs is asked for; Vite remarks on more than 500.
    assert.doesNotMatch(printed.replace(/\(!\) Some chunks are larger[\s\S]*WarningLimit\./, ''), /\(!\)|warn/i);
    return runsInPage(join(folder, 'vite'));
  });
  await check('esbuild, a page', async () => {
    const built = join(folder, 'esbuild');
    await bundle(place, folder, built, ['page/page.mjs'], ['--splitting', '--out-extension:.js=.mjs']);
    cpSync(join(folder, 'page/index.html'), join(built, 'index.html'));
    return runsInPage(built);
  });
}

/** Builds scripts with esbuild. */
async function bundle(place, folder, built, scripts, options = []) {
  const all = ['--bundle', '--format=esm', '--minify', `--outdir=${built}`, ...options];
  assert.doesNotMatch(await place.run(folder, bin('esbuild'), [...scripts, ...all]), /warn/i);
}

/** Places of a page that have a script of their own, as one file: they split nothing, and an AudioWorklet awaits nothing. */
export async function placeChecks(place, folder) {
  const built = join(folder, 'places-built');
  await check('esbuild, scripts of workers', async () => {
    const scripts = ['page', 'worker', 'service-worker', 'processor'].map((name) => `places/${name}.mjs`);
    await bundle(place, folder, built, scripts);
    cpSync(join(folder, 'places/index.html'), join(built, 'index.html'));
  });
  for (const name of ['worker', 'serviceWorker', 'audioWorklet'])
    await check(`a layer in a page's ${name}`, async () => {
      assert.equal(await titleOf(built, { query: `?place=${name}` }), 'fine: wasm');
    });
}

/** Pages whose Content-Security-Policy forbids WebAssembly, and with the word that allows it. */
export async function policyChecks(place, folder) {
  const built = join(folder, 'policy');
  await bundle(place, folder, built, ['layers/exact.mjs'], ['--splitting', '--out-extension:.js=.mjs']);
  const page = readFileSync(join(folder, 'page/index.html'), 'utf8');
  writeFileSync(join(built, 'index.html'), page.replace('page.mjs', 'exact.mjs').replace(/<link.*>/, ''));
  for (const [policy, backend] of [
    ["default-src 'self'", 'scalar'],
    ["default-src 'self'; script-src 'self' 'wasm-unsafe-eval'", 'wasm'],
  ])
    await check(`a page with the policy ${policy}`, async () => {
      const headers = { 'content-security-policy': policy };
      assert.equal(await titleOf(built, { headers }), `fine: ${backend}`);
    });
}
