import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with backends, each with an emitter of the given source, until the test ends. */
export function workspace(emitters: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'congruent-generate-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  write(root, { 'packages/none/package.json': '{}' });
  for (const [name, source] of Object.entries(emitters)) {
    const folder = join(root, 'packages', name, 'codegen');
    write(folder, { 'package.json': '{ "type": "module" }', 'index.ts': '', 'dist/index.js': source });
  }
  return root;
}

/** An emitter that gives one file of text, for the GRU. */
export const textEmitter = (name: string, path = 'cell.txt'): string =>
  `export default { name: '${name}', emit: ({ cell }) =>
    cell.name === 'gru' ? [{ kind: 'text', path: '${path}', comment: '#', text: '${name}\\n' }] : [] };`;

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** What lies below a backend's `src/generated`: text by path. */
export const generatedIn = (root: string, backend: string): Readonly<Record<string, string>> =>
  textsBelow(join(root, 'packages', backend, 'src', 'generated'));

/** The files below a folder: text by path, with forward slashes. */
export function textsBelow(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}
