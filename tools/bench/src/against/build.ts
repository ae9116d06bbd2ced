import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Installs and builds the packages of a checkout; links what `installed` has where its lock file says the same. */
export async function buildPackages(checkout: string, installed: string, signal: AbortSignal): Promise<void> {
  const [lock, wanted] = await Promise.all([installed, checkout].map(lockOf));
  if (lock === wanted) await linkModules(installed, checkout);
  else await npm(checkout, ['ci', '--no-audit', '--no-fund', '--prefer-offline'], signal);
  await npm(checkout, ['run', 'build'], signal);
}

/** The built packages as they are now, so that whoever builds again meanwhile changes nothing. */
export async function copyPackages(from: string, to: string): Promise<void> {
  const filter = (path: string): boolean => !path.endsWith('node_modules');
  await cp(join(from, 'packages'), join(to, 'packages'), { recursive: true, filter });
  await linkModules(from, to);
}

const lockOf = (root: string): Promise<string> => readFile(join(root, 'package-lock.json'), 'utf8');

/**
 * Gives `to` the dependencies installed in `from`. The links to the workspace's own packages are relative, so that copies
 * of them lead to those of `to`.
 */
async function linkModules(from: string, to: string): Promise<void> {
  const { packages } = JSON.parse(await lockOf(from));
  const places = new Set(Object.keys(packages).flatMap((path) => path.match(/^(.*?)node_modules\//)?.[1] ?? []));
  for (const place of places) {
    const [source, target] = [from, to].map((root) => join(root, place, 'node_modules'));
    await mkdir(target!, { recursive: true });
    // What is optional may have been left out, and with it the folder.
    for (const name of await readdir(source!).catch(() => [])) {
      const [old, copy] = [join(source!, name), join(target!, name)];
      if (name === '@congruent' || name === '.bin') await cp(old, copy, { recursive: true, verbatimSymlinks: true });
      else if (!name.startsWith('.')) await symlink(old, copy, 'junction');
    }
  }
}

/** What the npm that runs this one sets would hold for the other checkout, too. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|nx_|init_cwd$)/i.test(name)));

/** Ends where `signal` says so, when all that npm started has ended too. */
async function npm(cwd: string, args: string[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const shell = process.platform === 'win32';
  const running = promisify(execFile)('npm', args, { cwd, env: environment(), shell, maxBuffer: 2 ** 28 });
  const end = () => running.child.kill();
  signal.addEventListener('abort', end);
  try {
    await running;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`npm ${args.join(' ')} failed at that commit:\n${`${stdout}${stderr}`.slice(-4000)}`);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
