// Where the browser of the tests is. Run as a program it prints which one that is, for the cache of their results.
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const chromium = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = statSync(chromium, { throwIfNoEntry: false });
  console.log(file ? `${chromium} ${file.size} ${file.mtimeMs}` : `no ${chromium}`);
}
