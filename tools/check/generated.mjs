// Generated code is what the generators make: deletes it, regenerates it, and fails on any difference.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const folders = readdirSync('packages')
  .filter((name) => existsSync(join('packages', name, 'codegen')))
  .map((name) => join('packages', name, 'src', 'generated'));

/** Every file below the folders, with its bytes. */
function snapshot() {
  const files = folders
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => join(folder, file)));
  return new Map(files.filter((file) => statSync(file).isFile()).map((file) => [file, readFileSync(file)]));
}

const committed = snapshot();
for (const folder of folders) rmSync(folder, { recursive: true, force: true });
execFileSync('node', ['packages/codegen/bin/congruent.js', 'generate'], { stdio: 'inherit' });
const generated = snapshot();

const problems = [
  ...[...generated.keys()].filter((file) => !committed.has(file)).map((file) => `${file} was missing`),
  ...[...committed.keys()].filter((file) => !generated.has(file)).map((file) => `${file} is made by no emitter`),
  ...[...generated]
    .filter(([file, bytes]) => committed.get(file)?.equals(bytes) === false)
    .map(([file]) => `${file} was out of date`),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) console.error('The files are as they should be now; commit them.');
process.exitCode = problems.length > 0 ? 1 : 0;
