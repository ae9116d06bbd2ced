// Results that others published for the same arithmetic, where they are on this machine.
// Run as a program, prints a digest of them, for the cache of the tests' results.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const vectors =
  process.env['CONGRUENT_VECTORS'] ?? fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));

/** The folder of the files, one JSON each. */
export const golden = join(vectors, 'golden');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const digest = createHash('sha256');
  const names = existsSync(golden) ? readdirSync(golden).sort() : [];
  for (const name of names) digest.update(name).update(readFileSync(join(golden, name)));
  console.log(`${names.length} files ${digest.digest('hex')}`);
}
