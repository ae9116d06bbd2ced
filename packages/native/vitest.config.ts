import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { project } from '../../tools/testing/vitest.ts';

const config = project('native');
const addon = fileURLToPath(new URL(`build/${process.platform}-${process.arch}/congruent.node`, import.meta.url));

// Without a compiler there is no addon, and nothing to test but that; in CI there must be one.
if (!existsSync(addon) && process.env['CI'] !== 'true') {
  console.warn(`${addon} is not there: of @congruent/native only what needs no addon is tested.`);
  config.test!.include = ['test/unavailable.test.ts'];
}

export default config;
