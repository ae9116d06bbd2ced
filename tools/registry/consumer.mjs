// Empty folders in which the packages are installed by name, and the programs that are run there.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './processes.mjs';

const { resolve } = createRequire(import.meta.url);
const programs = fileURLToPath(new URL('consumer/', import.meta.url));
let made = 0;

/** All that a stranger may install; what runs a model, what trains, what reads files, and the commands. */
export const PACKAGES = [
  'congruent',
  '@congruent/cli',
  '@congruent/conformance',
  '@congruent/gpujs',
  '@congruent/models',
  '@congruent/native',
  '@congruent/scalar',
  '@congruent/train',
  '@congruent/wasm',
];

/** Where the gate works, and the environment of a stranger: a home with nothing in it but the address of the registry. */
export class Place {
  constructor(folder, registry) {
    this.folder = folder;
    const home = join(folder, 'home');
    for (const each of [home, join(folder, 'tmp')]) mkdirSync(each, { recursive: true });
    const token = `//${new URL(registry).host}/:_authToken=anyone`;
    const quiet = ['update-notifier=false', 'audit=false', 'fund=false'];
    writeFileSync(join(home, '.npmrc'), [`registry=${registry}`, token, ...quiet, ''].join('\n'));
    this.env = {
      HOME: home,
      TMPDIR: join(folder, 'tmp'),
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_DATA_HOME: join(home, '.local'),
      XDG_CONFIG_HOME: join(home, '.config'),
      NEXT_TELEMETRY_DISABLED: '1',
      YARN_NPM_REGISTRY_SERVER: registry,
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      YARN_ENABLE_TELEMETRY: '0',
      YARN_NPM_MINIMAL_AGE_GATE: '0', // for what was published a moment ago
      YARN_ENABLE_IMMUTABLE_INSTALLS: '0', // which is the default under CI
      npm_config_registry: registry, // changesets asks for it in lower case
    };
  }

  /** An empty folder with a package.json as `npm init` writes one, and programs of consumer/. */
  consumer(files = [], manifest = {}) {
    const folder = join(this.folder, 'consumers', String(made++));
    mkdirSync(folder, { recursive: true });
    const whole = { name: 'consumer', version: '1.0.0', private: true, ...manifest };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(whole, undefined, 2));
    for (const file of files) cpSync(join(programs, file), join(folder, file), { recursive: true });
    return folder;
  }

  run(folder, command, args, seconds) {
    return run(command, args, { cwd: folder, env: this.env, seconds });
  }

  node(folder, ...args) {
    return this.run(folder, process.execPath, args);
  }

  /** npm of a major version, 10 or 11. */
  npm(major, folder, ...args) {
    const command = join(dirname(resolve(`npm-${major}/package.json`)), 'bin', 'npm-cli.js');
    return this.run(folder, process.execPath, [command, ...args]);
  }

  npx(major, folder, ...args) {
    const command = join(dirname(resolve(`npm-${major}/package.json`)), 'bin', 'npx-cli.js');
    return this.run(folder, process.execPath, [command, ...args]);
  }
}
