// The packages as a consumer gets them: packed, checked by publint and attw, installed from the tarballs into an empty
// folder, and there held to the conformance suite; cells of the consumer's own are generated there, and trained.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folders = readdirSync('packages').map((name) => join('packages', name));
const backends = readdirSync('packages').filter((name) => existsSync(join('packages', name, 'codegen')));
const consumer = mkdtempSync(join(tmpdir(), 'congruent-consumer-'));
const run = (command, args, cwd = '.') =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
const bin = (name, folder = '.') => resolve(folder, 'node_modules', '.bin', name);

try {
  const dependencies = {};
  for (const folder of folders) {
    const { name, private: hidden } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (hidden) continue;
    const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', consumer], folder));
    const tarball = join(consumer, filename);
    run(bin('publint'), ['--strict', tarball]);
    run(bin('attw'), [tarball, '--profile', 'esm-only', '--format', 'ascii']);
    dependencies[name] = `file:${resolve(tarball)}`;
    console.log(`${name}: publint and attw agree`);
  }
  const manifest = { name: 'consumer', private: true, type: 'module', dependencies, overrides: dependencies };
  writeFileSync(join(consumer, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], consumer);
  for (const backend of backends) {
    const name = `@congruent/${backend}`;
    const { passed, total } = JSON.parse(run(bin('congruent-conformance', consumer), [name, '--json'], consumer));
    console.log(`${name}, installed from its tarball: conformance ${passed} of ${total}`);
    if (passed !== total) process.exitCode = 1;
  }
  cpSync('tools/check/consumer', consumer, { recursive: true });
  for (const backend of backends) {
    for (const file of ['my-cells.js', 'own-cell.ts']) {
      run(
        bin('congruent', consumer),
        ['generate', file, '--backend', backend, '--out', `generated/${backend}`],
        consumer,
      );
    }
    console.log(run('node', ['train.mjs', backend], consumer).trimEnd());
  }
  run(bin('tsc'), ['-p', consumer]);
  console.log('the types of generated classes know their names and sizes');
  // An application whose node_modules has what it asks for itself and nothing else, as pnpm makes it: its declarations can
  // only name types that the backend exports. npm has this layout too, so that the check needs no other package manager.
  const application = join(consumer, 'application');
  const asked = { '@congruent/wasm': dependencies['@congruent/wasm'] };
  const strict = { name: 'application', private: true, type: 'module', dependencies: asked, overrides: dependencies };
  writeFileSync(join(application, 'package.json'), JSON.stringify(strict));
  cpSync(join(consumer, 'generated', 'wasm'), join(application, 'generated'), { recursive: true });
  run('npm', ['install', '--install-strategy=linked', '--no-audit', '--no-fund', '--prefer-offline'], application);
  run(bin('tsc'), ['-p', application]);
  console.log('an application that exports layers has declarations, also where it does not see the runtime');
  run(bin('congruent', consumer), ['show', 'gru', '--schedule', '--plan'], consumer);
  console.log('congruent, installed from its tarball, shows the GRU');
} finally {
  rmSync(consumer, { recursive: true, force: true });
}
