import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { afterEach, expect, test, vi } from 'vitest';
import { loadAddon } from '../src/load.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const refusal = (message: RegExp) =>
  expect.objectContaining({
    name: 'CongruentError',
    code: 'NATIVE_UNAVAILABLE',
    message: expect.stringMatching(message),
  });

test('where no addon is, NATIVE_UNAVAILABLE says the platform, what was looked for and the remedy', () => {
  const places = (platform: string) => [`@congruent/native-${platform}-none`, `./none/${platform}.node`];
  const load = () => loadAddon(import.meta.url, places);
  const platform = `${process.platform}-${process.arch}`;
  expect(load).toThrow(refusal(new RegExp(`on ${platform} loads`)));
  expect(load).toThrow(refusal(new RegExp(`@congruent/native-${platform}-none \\(Cannot find module`)));
  expect(load).toThrow(refusal(new RegExp(`\\./none/${platform}\\.node \\(Cannot find module`)));
  expect(load).toThrow(refusal(/@congruent\/wasm, which gives the same bits/));
  expect(load).toThrow(refusal(/npx congruent-native-build/));
});

test('what is no addon does not load, and NATIVE_UNAVAILABLE has what the loader said', () => {
  expect(() => loadAddon(import.meta.url, () => ['./no-addon.node'])).toThrow(
    refusal(/no-addon\.node \(.*(too short|invalid|slice|mach-o)/i),
  );
});

test('in an engine that is not Node, importing the package gives NATIVE_UNAVAILABLE', async () => {
  vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: undefined } }));
  await expect(import('../src/index.ts')).rejects.toThrow(refusal(/it runs in Node, 20\.19 or later/));
});

test('bundled for a page, which knows no process and no module of Node, it says the same', async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    conditions: ['@congruent/source'],
    logLevel: 'silent',
  });
  const run = () => runInNewContext(outputFiles[0]!.text);
  expect(run).toThrow(refusal(/it runs in Node, 20\.19 or later/));
});

test('bundled as CommonJS, which does not know where it is, it says what keeps it from loading', async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    conditions: ['@congruent/source'],
    logLevel: 'silent',
  });
  const run = () => runInNewContext(outputFiles[0]!.text, { process, module: {} });
  expect(run).toThrow(refusal(/congruent\.node \(.*must be a file URL/));
});
