// Publishes every public package to the registry that npm is configured with: the addons that are built, then whatever else
// it does not have yet. What is published is built before.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @type {(command: string, args: readonly string[], cwd?: string) => void} */
const run = (command, args, cwd = '.') => void execFileSync(command, args, { cwd, stdio: 'inherit' });

run(process.execPath, ['packages/native/build/stage.mjs']);
const staged = 'packages/native/npm';
for (const folder of readdirSync(staged)
  .filter((each) => each !== 'native')
  .map((each) => join(staged, each))) {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  // As changesets asks, so that a release that was cut short goes on.
  if (spawnSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8' }).stdout.trim() === version)
    continue;
  run('npm', ['publish', '--access', 'public'], folder);
}
run('node_modules/.bin/changeset', ['publish']);
