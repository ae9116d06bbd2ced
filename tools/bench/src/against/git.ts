import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The top folder of this repository. */
export const repository: string = fileURLToPath(new URL('../../../../', import.meta.url));

/** What git cannot do as it was asked to, and what to do about it. */
export class GitError extends Error {}

/** What git prints. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)('git', ['-C', folder, ...args])).stdout.trim();
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw new GitError('--against needs git, which is not in the PATH: install it.');
    if (/not a git repository/.test(stderr ?? '')) {
      throw new GitError(`--against needs the history, and ${folder} has none: clone the repository with git.`);
    }
    throw error;
  }
}

/** The whole hash of a commit by any name that git knows. */
export async function commitCalled(name: string, folder: string = repository): Promise<string> {
  await git(folder, 'rev-parse', '--git-dir');
  try {
    return await git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  } catch {
    throw new GitError(
      `There is no commit '${name}' in this clone. git log --oneline lists those there are; ` +
        'git fetch gets a newer one, git fetch --unshallow those that a shallow clone left out.',
    );
  }
}

/** The commit that the packages are at; refused where they are not what that commit has, as a verdict names two commits. */
export async function cleanHead(folder: string = repository): Promise<string> {
  const changed = await git(folder, 'status', '--porcelain', '--', 'packages', 'package-lock.json');
  if (changed) {
    throw new GitError(
      'A verdict is about two commits, and these files belong to none: commit them (a commit of your own will do, ' +
        `undone by git reset --soft HEAD~) or put them aside with git stash -u.\n${changed}`,
    );
  }
  return commitCalled('HEAD', folder);
}
