// What a release does, in a copy of the repository: versions and addresses, then every public package to the registry.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { run } from './processes.mjs';

const read = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
/** The remote of the copy, and its page. */
const ORIGIN = 'git@127.0.0.1:copy/congruent.git';
export const PAGE = 'https://127.0.0.1/copy/congruent';

/** What is built, and therefore not in git; of the addons those of every platform that there are. */
const BUILT = /^(dist|codegen\/dist|build\/dist|build\/[a-z]+-[a-z0-9]+\/congruent\.node)$/;

/**
 * @param {string} copy  an empty folder
 * @param {Record<string, string>} given  which says where to publish to
 * @returns {Promise<Map<string, string>>} the versions of the packages that were published, by their names
 */
export async function publishAll(copy, given) {
  const env = { ...given, GITHUB_REPOSITORY: '' }; // which a workflow has, of the repository that it is of
  await copyRepository(copy, env);
  // Nothing of this may leave the machine.
  const registry = (await run('npm', ['config', 'get', 'registry'], { cwd: copy, env })).trim();
  if (new URL(registry).hostname !== '127.0.0.1') throw new Error(`would publish to ${registry}`);
  await run(resolve('node_modules/.bin/changeset'), ['version'], { cwd: copy, env });
  await run(process.execPath, ['tools/release/version.mjs'], { cwd: copy, env });
  await run(process.execPath, ['tools/release/publish.mjs'], { cwd: copy, env, seconds: 300 });
  const folders = readdirSync(join(copy, 'packages')).map((name) => join(copy, 'packages', name));
  const packages = folders.map(read).filter(({ private: hidden }) => !hidden);
  return new Map(packages.map(({ name, version }) => [name, version]));
}

/** The files that git has or would take, as they are now, with what is built of the packages; committed, as a release is. */
async function copyRepository(copy, env) {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { encoding: 'utf8' });
  for (const file of listed.split('\0').filter((path) => path && existsSync(path))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(file, join(copy, file));
  }
  for (const name of readdirSync('packages')) {
    const files = readdirSync(join('packages', name), { recursive: true });
    for (const built of files.filter((path) => BUILT.test(path)))
      cpSync(join('packages', name, built), join(copy, 'packages', name, built), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  const git = (...args) => run('git', args, { cwd: copy, env });
  await git('init', '--quiet', '--initial-branch=main');
  await git('config', 'user.name', 'gate');
  await git('config', 'user.email', 'gate@localhost');
  await git('remote', 'add', 'origin', ORIGIN);
  await git('add', '--all');
  await git('commit', '--quiet', '--no-verify', '-m', 'copy');
}
