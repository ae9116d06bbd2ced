// The packages as a consumer gets them: packed, checked by publint and attw, installed from the tarballs into an empty
// folder, and there held to the conformance suite; cells of the consumer's own are generated there, and trained, and a model
// file is read.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const read = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
// What is staged, it and packages beside it, stands for the package that it is staged of.
const folders = readdirSync('packages').flatMap((name) => {
  const folder = join('packages', name);
  const { private: hidden, publishConfig } = read(folder);
  if (hidden) return [];
  if (!publishConfig?.directory) return [folder];
  const staged = dirname(join(folder, publishConfig.directory));
  return readdirSync(staged).map((each) => join(staged, each));
});
const backends = readdirSync('packages').filter((name) => existsSync(join('packages', name, 'codegen')));
const consumer = mkdtempSync(join(tmpdir(), 'congruent-consumer-'));
const run = (command, args, cwd = '.') =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
/** As `run`, while others run as well. */
const runBeside = async (command, args, cwd) =>
  (await promisify(execFile)(command, args, { cwd, maxBuffer: 2 ** 26 })).stdout;
const bin = (name, folder = '.') => resolve(folder, 'node_modules', '.bin', name);

try {
  const dependencies = {};
  const overrides = {};
  for (const folder of folders) {
    const { name, cpu, exports } = read(folder);
    const [{ filename, files }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', consumer], folder));
    const tarball = join(consumer, filename);
    run(bin('publint'), ['--strict', tarball]);
    if (exports) run(bin('attw'), [tarball, '--profile', 'esm-only', '--format', 'ascii']);
    const machineCode = files.filter(({ path }) => path.endsWith('.node'));
    if (!cpu && machineCode.length > 0) throw new Error(`${name} has code for one processor: ${machineCode[0].path}`);
    const lacks = ['LICENSE', 'README.md'].filter((file) => !files.some(({ path }) => path === file));
    if (lacks.length > 0) throw new Error(`${name} is packed without ${lacks.join(' and ')}`);
    overrides[name] = `file:${resolve(tarball)}`;
    // A package for one kind of machine is an optional dependency of another, and installed where it fits.
    if (!cpu) dependencies[name] = overrides[name];
    console.log(`${name}: publint${exports ? ' and attw agree' : ' agrees'}`);
  }
  const manifest = { name: 'consumer', private: true, type: 'module', dependencies, overrides };
  writeFileSync(join(consumer, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], consumer);
  // gpu.js is part of a package; what it would install for Node is machine code of 200 MB.
  const unwanted = ['gpu.js', 'gl', 'webgpu'].filter((name) => existsSync(join(consumer, 'node_modules', name)));
  if (unwanted.length > 0) throw new Error(`nobody asked for ${unwanted.join(' and ')}, and they are installed`);
  const available = new Set();
  const queue = ['congruent', ...backends.map((backend) => `@congruent/${backend}`)];
  const judge = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const printed = await runBeside(bin('congruent-conformance', consumer), [name, '--json'], consumer);
      const { unavailable, passed, total } = JSON.parse(printed);
      // Only on a machine of a user: in continuous integration the command fails.
      if (unavailable) {
        console.log(`${name} is not available on this machine. ${unavailable}`);
        continue;
      }
      available.add(name);
      console.log(`${name}, installed from its tarball: conformance ${passed} of ${total}`);
      if (passed !== total) process.exitCode = 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, judge));
  cpSync('tools/check/consumer', consumer, { recursive: true });
  for (const backend of backends.filter((each) => available.has(`@congruent/${each}`))) {
    for (const file of ['my-cells.js', 'own-cell.ts']) {
      run(
        bin('congruent', consumer),
        ['generate', file, '--backend', backend, '--out', `generated/${backend}`],
        consumer,
      );
    }
    console.log(run('node', ['train.mjs', backend], consumer).trimEnd());
  }
  console.log(run('node', ['model.mjs', 'model.safetensors'], consumer).trimEnd());
  run(bin('congruent', consumer), ['inspect', 'model.safetensors'], consumer);
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
