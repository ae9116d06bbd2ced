#!/usr/bin/env node
// The command `congruent`. What it does is in @congruent/cli, whose compilers of TypeScript and WebAssembly no application
// that only imports the classes should have to install.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const COMMAND = '@congruent/cli/command';

/** Where the command is: beside this package, or in the folder that it is run in, as `npx congruent` may be elsewhere. */
function find() {
  try {
    return import.meta.resolve(COMMAND);
  } catch {}
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve(COMMAND)).href;
  } catch {}
}

// In `congruent inspect … | head` nobody reads what follows.
process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code !== 'EPIPE') throw error;
});

const command = find();
if (command === undefined) {
  console.error(
    'congruent: COMMAND_MISSING: the command is in the package @congruent/cli, which is not installed here. ' +
      'Install it: npm install --save-dev @congruent/cli',
  );
  process.exitCode = 1;
} else await import(command);
