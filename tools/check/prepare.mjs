// What `npm start` and the other programs need before they run: `node tools/check/prepare.mjs [generate] [build PROJECT]`.
// Nothing else is built than that project and what it depends on.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTasks } from './tasks.mjs';

const backends = readdirSync('packages').filter((name) => existsSync(join('packages', name, 'codegen')));

/** The generated files of a backend, with their bytes. */
function generatedBy(backend) {
  const folder = join('packages', backend, 'src', 'generated');
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(files.sort().map((file) => [file, readFileSync(file)]));
}

async function generate() {
  const before = new Map(backends.map((backend) => [backend, generatedBy(backend)]));
  const done = await runTasks('generating the backends from the specification', ['run-many', '-t', 'generate']);
  if (done) for (const backend of backends) console.log(summary(backend, before.get(backend), generatedBy(backend)));
  return done;
}

/** How many files a backend has, and which of them are new, changed or gone. */
function summary(backend, before, after) {
  const bytes = [...after.values()].reduce((sum, { length }) => sum + length, 0);
  const changes = [
    ...[...after].filter(([file, now]) => before.get(file)?.equals(now) !== true).map(([file]) => `    wrote ${file}`),
    ...[...before.keys()].filter((file) => !after.has(file)).map((file) => `    removed ${file}`),
  ];
  const files = `${String(after.size).padStart(3)} files ${bytes.toLocaleString('en').padStart(11)} bytes`;
  return [`  ${backend.padEnd(8)}${files}${changes.length > 0 ? '' : '  unchanged'}`, ...changes].join('\n');
}

const words = process.argv.slice(2);
const projects = words.filter((word) => word.startsWith('@congruent/'));

const steps = { generate, build: () => runTasks('building', ['run-many', '-t', 'build', `-p=${projects}`]) };

for (const word of words.filter((each) => !projects.includes(each))) {
  if (!(await steps[word]())) {
    process.exitCode = 1;
    break;
  }
}
