// Everything that must hold before a change lands: `npm test`. Ends with the line `N passed, N failed, N skipped`, where
// each check here counts as one, and each test of the packages as one.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

// Not with npx: within `npx -p node@24 -c 'npm test'` a second npx takes the first one's options for its own.
const CHECKS = [
  ['lock file', 'node tools/check/lock.mjs'],
  ['lint', 'npm run -s lint'],
  ['emitters', 'nx run-many -t build:codegen'],
  ['generated code', 'node tools/check/generated.mjs'],
  ['types and build', 'nx run-many -t build'],
  ['types of the tests', 'tsc -p tools/check'],
  ['tests', 'nx run-many -t test'],
  // One at a time: each fills the machine.
  ['browser tests', 'nx run-many -t test:browser --parallel=1'],
  ['packed packages', 'node tools/check/packed.mjs'],
];

const projects = ['packages', 'tools'].flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)));
for (const project of projects) rmSync(join(project, 'reports'), { recursive: true, force: true });

const total = { passed: 0, failed: 0, skipped: 0 };

for (const [name, command] of CHECKS) {
  console.log(`\n── ${name}: ${command}`);
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
  total[status === 0 ? 'passed' : 'failed']++;
  console.log(`── ${name}: ${status === 0 ? 'passed' : 'FAILED'}`);
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
