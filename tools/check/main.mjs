// Everything that must hold before a change lands: `npm test`. Ends with the line `N passed, N failed, N skipped`, where
// each check here counts as one, and each test of the packages as one.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runTasks } from './tasks.mjs';

const ofWorkspace = (...targets) => ['run-many', '-p', '@congruent/workspace', '-t', ...targets];

// Each is a cached target of Nx, which says what it reads: nx.json, the package.json files, tools/nx/plugin.mjs.
const CHECKS = [
  ['lock file, package.json files, lint, unused code', ofWorkspace('lock', 'manifests', 'lint', 'unused')],
  ['generated code is what the emitters make', ['run-many', '-t', 'generate:check']],
  ['types and build', ['run-many', '-t', 'build']],
  ['types of the tests', ofWorkspace('types')],
  ['tests', ['run-many', '-t', 'test', '--exclude=tag:whole-machine'], 'each'],
  // One at a time: each fills the machine.
  [
    'tests of devices that take every core',
    ['run-many', '-t', 'test', '-p', 'tag:whole-machine', '--parallel=1'],
    'each',
  ],
  ['browser tests', ['run-many', '-t', 'test:browser', '--parallel=1'], 'each'],
  // 60 seconds each, beside each other.
  ['hostile inputs, and long runs with flat memory', ['run-many', '-t', 'fuzz', 'soak'], 'each'],
  ['what the tests read is declared', ['run-many', '-t', 'inputs']],
  ['packed packages, as a consumer installs them', ofWorkspace('packed')],
];

const projects = ['packages', 'tools', 'docs', 'docs/examples']
  .flatMap((parent) => [parent, ...readdirSync(parent).map((name) => join(parent, name))])
  .filter((folder) => existsSync(join(folder, 'package.json')));
for (const project of projects) rmSync(join(project, 'reports'), { recursive: true, force: true });

const total = { passed: 0, failed: 0, skipped: 0 };

for (const [name, args, each] of CHECKS) {
  total[(await runTasks(name, args, Boolean(each))) ? 'passed' : 'failed']++;
}

const reports = projects.flatMap((project) =>
  ['test', 'browser'].map((name) => join(project, 'reports', `${name}.json`)),
);
for (const report of reports.filter(existsSync)) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
  total.passed += numPassedTests;
  total.failed += numFailedTests;
  total.skipped += numPendingTests + numTodoTests;
}

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
