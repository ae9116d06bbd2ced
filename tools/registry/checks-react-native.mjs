// React Native: built by Metro with React Native's own settings, compiled for its engine, and run without a device.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { nodeOf } from './checks-managers.mjs';
import { check } from './gate.mjs';

const IMPORTED = ['congruent', '@congruent/models', '@congruent/train'];
const TOOLS = [
  'react@19.3.1',
  'react-native@0.88.1',
  'metro@0.87.1',
  '@react-native/babel-preset@0.88.1',
  '@react-native/metro-config@0.88.1',
];
/** What Hermes lacks of ES2023: https://github.com/compat-table/compat-table/issues/2019. */
const AS_HERMES = "delete Array.prototype.toSorted; require('./bundle.js')";

export const reactNative = (place) =>
  check('React Native 0.88: Metro, hermesc', async () => {
    const folder = place.consumer(['react-native']);
    cpSync(join(folder, 'react-native'), folder, { recursive: true }); // Metro takes nothing from above its folder
    await place.npm(11, folder, 'install', ...IMPORTED, ...TOOLS);
    const node = await nodeOf(place, folder, '24.21.0');
    const metro = ['node_modules/metro/src/cli.js', 'build', 'index.js', '--config', 'metro.config.js'];
    await place.run(folder, node, [...metro, '--platform', 'android', '--out', 'bundle.js']);
    assert.match(await place.run(folder, node, ['-e', AS_HERMES]), /^fine: /m);
    if (process.platform !== 'linux' || process.arch !== 'x64') return 'not compiled: this machine is not Linux on x64';
    const hermesc = join(folder, 'node_modules/hermes-compiler/hermesc/linux64-bin/hermesc');
    await place.run(folder, hermesc, ['-w', '-O', '-emit-binary', '-out', 'bundle.hbc', 'bundle.js']);
  });
