// `npx nx g @congruent/tools:backend NAME [--host | --async]`: a package that builds and passes the conformance suite.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @import { Tree } from 'nx/src/devkit-exports' */

const templates = fileURLToPath(new URL('templates', import.meta.url));

/**
 * Writes `packages/NAME` and a changeset; what it returns brings the lock file in line and generates the code.
 *
 * @param {Tree} tree
 * @param {{ name: string, host?: boolean, async?: boolean }} options
 */
export default function backend(tree, { name, host = false, async = false }) {
  const folder = `packages/${name}`;
  check(!(host && async), 'A backend answers at once or with promises: give --host or --async, not both.');
  check(
    /^[a-z][a-z0-9]*$/.test(name),
    `${name} cannot be a backend's name: small letters and digits only, as in wasm.`,
  );
  check(!tree.exists(folder), `${folder} exists. Choose another name, or delete it.`);
  const values = valuesOf(tree, name);
  // What answers with promises differs in some files from what answers at once.
  for (const kind of ['package', 'host', ...(async ? ['async'] : [])]) {
    for (const [path, text] of filesBelow(join(templates, kind))) tree.write(`${folder}/${path}`, fill(text, values));
  }
  tree.write(`.changeset/${name}.md`, fill(CHANGESET, values));
  return () => {
    run(tree.root, 'npm', 'install', '--no-audit', '--no-fund');
    run(tree.root, 'npx', 'nx', 'run', `@congruent/${name}:generate`);
  };
}

const CHANGESET = `---
'@congruent/__name__': minor
---

GRU, LSTM and RNN of torch.nn, and classes for cells of one's own, on __name__.
`;

/** What stands for the placeholders of the templates. */
function valuesOf(/** @type {Tree} */ tree, /** @type {string} */ name) {
  const { version } = JSON.parse(/** @type {string} */ (tree.read('packages/runtime/package.json', 'utf8')));
  return { name, Name: `${name[0]?.toUpperCase()}${name.slice(1)}`, version };
}

/** A text with a value for each `__placeholder__`. */
const fill = (/** @type {string} */ text, /** @type {Record<string, string>} */ values) =>
  text.replaceAll(/__([a-z]+)__/gi, (placeholder, key) => values[key] ?? placeholder);

/** Each file below a folder, by its path from there. */
function filesBelow(/** @type {string} */ folder) {
  check(existsSync(folder), `${folder}, the template, does not exist.`);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => /** @type {const} */ ([relative(folder, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')]));
}

const run = (/** @type {string} */ cwd, /** @type {string} */ program, /** @type {string[]} */ ...args) =>
  execFileSync(program, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });

function check(/** @type {boolean} */ holds, /** @type {string} */ message) {
  if (!holds) throw new Error(message);
}
