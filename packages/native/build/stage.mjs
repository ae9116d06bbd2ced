// What is published of @congruent/native, in folders below npm/: `native`, and for each addon that is built a package of
// its own, which native names as an optional dependency, so that npm installs the one for its machine. They are no
// workspaces, as npm would not install those of other platforms, and not in the lock file, as no registry has them yet.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ADDON = 'congruent.node';
const CHANGELOG = 'CHANGELOG.md';
const root = fileURLToPath(new URL('../', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The addons that are built, here or on other machines: `linux-x64`. */
const platforms = readdirSync(join(root, 'build'))
  .filter((name) => existsSync(join(root, 'build', name, ADDON)))
  .sort();

rmSync(join(root, 'npm'), { recursive: true, force: true });
stageNative();
for (const platform of platforms) stageAddon(platform);

/** The package as npm would pack it, with the addons as optional dependencies. */
function stageNative() {
  const { nx: _, publishConfig: __, scripts: ___, devDependencies: ____, ...published } = manifest;
  const optionalDependencies = Object.fromEntries(platforms.map((platform) => [nameOf(platform), manifest.version]));
  const list = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: root, encoding: 'utf8' });
  const folder = join(root, 'npm', 'native');
  for (const { path } of JSON.parse(list)[0].files) cpSync(join(root, path), join(folder, path));
  write(folder, { ...published, optionalDependencies });
}

function stageAddon(/** @type {string} */ platform) {
  const folder = join(root, 'npm', `native-${platform}`);
  const [os, cpu] = platform.split('-');
  const { version, keywords, license, repository, homepage, bugs, engines } = manifest;
  const description = `The compiled part of ${manifest.name} for ${os} on ${cpu}, which that installs`;
  const libc = os === 'linux' && { libc: ['glibc'] };
  const only = { type: 'commonjs', os: [os], cpu: [cpu], ...libc, main: ADDON, files: [ADDON, CHANGELOG] };
  const about = { description, keywords, license, repository, homepage, bugs, engines };
  write(folder, { name: nameOf(platform), version, ...about, ...only });
  writeFileSync(join(folder, 'README.md'), `# ${nameOf(platform)}\n\n${description}. No program imports it.\n`);
  copyFileSync(join(root, 'build', platform, ADDON), join(folder, ADDON));
  // Of a release; before the first one there is none.
  if (existsSync(join(root, CHANGELOG))) copyFileSync(join(root, CHANGELOG), join(folder, CHANGELOG));
}

function write(/** @type {string} */ folder, /** @type {object} */ contents) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(contents, undefined, 2)}\n`);
  copyFileSync(join(root, '../../LICENSE'), join(folder, 'LICENSE'));
}

/** The name of the package with the addon of a platform. */
function nameOf(/** @type {string} */ platform) {
  return `${manifest.name}-${platform}`;
}
