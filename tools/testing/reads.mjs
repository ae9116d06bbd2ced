// Records which files of the workspace a test run reads, so that `npm test` can compare them with the inputs that Nx
// was told (tools/nx/inputs.mjs): a test that reads what is no input passes from the cache when that has changed.
// Loaded first by every process of a run. Not seen: what programs that are not Node read (tsc, rolldown, esbuild).
import fs, { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import * as modules from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const RECORD = 'CONGRUENT_READS';
const root = fileURLToPath(new URL('../../', import.meta.url));
const seen = new Set();

/** Begins a record: one path from the root a line, by this process and those that it starts. */
export function recordReads(/** @type {string} */ file) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  process.env[RECORD] = resolve(file);
  // Where a test gives a child its own environment the child goes unseen.
  process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], `--import=${import.meta.url}`].filter(Boolean).join(' ');
  observe();
}

/** Notes a path, a URL or a file descriptor; descriptors were noted when they were opened. */
function note(/** @type {unknown} */ file) {
  const record = process.env[RECORD];
  if (!record || !(typeof file === 'string' || file instanceof URL)) return;
  const path = file instanceof URL || file.startsWith('file:') ? pathOf(file) : file.split('?', 1)[0];
  const below = path && relative(root, resolve(path));
  if (!below || below.startsWith('..') || seen.has(below) || /(^|[/\\])(node_modules|\.nx|reports)[/\\]/.test(below))
    return;
  seen.add(below);
  // Programs look for files that may be there; and a folder is read file by file.
  if (!fs.statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  appendFileSync(record, `${below}\n`);
}

const pathOf = (/** @type {string | URL} */ url) => (String(url).startsWith('file:') ? fileURLToPath(url) : undefined);

/** Wraps what reads a file. */
function observe() {
  /** @type {[Record<string, any>, string[]][]} */
  const readers = [
    [fs, ['readFileSync', 'readFile', 'openSync', 'open', 'createReadStream', 'copyFileSync', 'cpSync']],
    [fs.promises, ['readFile', 'open', 'copyFile', 'cp']],
  ];
  for (const [owner, names] of readers) {
    for (const name of names) {
      const original = owner[name];
      owner[name] = function (/** @type {unknown[]} */ ...args) {
        note(args[0]);
        return original.apply(this, args);
      };
    }
  }
  modules.syncBuiltinESMExports();
}

if (process.env[RECORD]) observe();
