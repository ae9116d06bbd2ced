// Every file that a project's tests read, and every environment variable that their sources name, is declared as an input
// of the task. Runs in the project's folder, after its tests, which leave the record (tools/testing/reads.mjs).
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { undeclaredFiles, undeclaredVariables } from './undeclared.mjs';

const workspace = fileURLToPath(new URL('../../', import.meta.url));
const folder = relative(workspace, process.cwd()).replaceAll('\\', '/');
const { name } = JSON.parse(readFileSync('package.json', 'utf8'));

/** The targets that leave a record. */
const RECORDS = { test: 'reports/test.reads', 'test:browser': 'reports/browser.reads' };

/** @returns {import('./undeclared.mjs').Inputs} */
const inputsOf = (/** @type {string} */ target) =>
  JSON.parse(
    execFileSync('nx', ['show', 'target', 'inputs', `${name}:${target}`, '--json'], {
      cwd: workspace,
      encoding: 'utf8',
      shell: true,
      maxBuffer: 2 ** 26,
    }),
  );

/** What the tests consist of, beside what they import: read by other programs than Node, too. */
const isTest = (/** @type {string} */ path) =>
  path.startsWith('tools/testing/') || path.startsWith(`${folder}/test/`) || path.startsWith(`${folder}/vitest.`);

/** What is read and is no input of a target. */
function problemsOf(/** @type {string} */ target, /** @type {string} */ record) {
  // What is gone was made by the tests.
  const reads = readFileSync(record, 'utf8')
    .split('\n')
    .filter((path) => path && existsSync(join(workspace, path)));
  const inputs = inputsOf(target);
  const sources = [...new Set([...reads, ...inputs.files.filter(isTest)])]
    .filter((path) => /\.(ts|[cm]?js)$/.test(path) && !path.includes('/dist/'))
    .map((path) => readFileSync(join(workspace, path), 'utf8'));
  const variables = undeclaredVariables(sources, inputs).map((variable) => `the environment's ${variable}`);
  return [...undeclaredFiles(reads, inputs), ...variables];
}

let failed = false;
// Without a browser its tests are skipped, and leave no record.
for (const [target, record] of Object.entries(RECORDS).filter(
  ([target, file]) => target === 'test' || existsSync(file),
)) {
  const problems = problemsOf(target, record);
  console.log(
    `${name}:${target} ${problems.length === 0 ? 'declares what it reads' : 'reads what is no input of it:'}`,
  );
  for (const problem of problems) console.log(`  ${problem}`);
  failed ||= problems.length > 0;
}
if (failed) console.log('Name it in "nx": { "namedInputs": { "reads": […] } } of the package.json, or depend on it.');
process.exitCode = failed ? 1 : 0;
