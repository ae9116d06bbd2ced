// Model files of other projects' tools, where they are on this machine: CONGRUENT_MODELS, or beside the repository.
// Run as a program, prints a digest of their list, for the cache of the tests' results.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder, with a list of all files in index.json. */
export const models =
  process.env['CONGRUENT_MODELS'] ?? fileURLToPath(new URL('../../../../shared/models', import.meta.url));

export const present = existsSync(join(models, 'index.json'));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const list = present ? readFileSync(join(models, 'index.json')) : 'none';
  console.log(createHash('sha256').update(list).digest('hex'));
}
