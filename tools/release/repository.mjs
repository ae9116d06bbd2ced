// Where this repository is on the web, from what the clone itself says: no file of it names an address.
import { execFileSync } from 'node:child_process';

/**
 * The address of a repository's page: `https://host/owner/name`.
 *
 * @param {string} remote  of git, by ssh or http(s)
 * @returns {string}
 * @throws where it has none, such as a folder
 */
export function pageOf(remote) {
  // user@host:path is the short form of ssh://user@host/path
  const long = remote.replace(/^((?:[^@/:]+@)?[^@/:]{2,}):(?!\/)/, 'ssh://$1/');
  const { protocol, hostname, host, pathname } = URL.canParse(long) ? new URL(long) : new URL('none:');
  const path = pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  if (/^https?:$/.test(protocol) && path) return `${protocol}//${host}${path}`;
  if (/^(git\+)?ssh:$|^git:$/.test(protocol) && hostname && path) return `https://${hostname}${path}`;
  throw new Error(
    `The packages name the page of their repository, and the remote origin has none: '${remote}'. ` +
      'Set it to an address by ssh or https: git remote set-url origin ADDRESS',
  );
}

/** The page of this clone's repository: in GitHub's workflows from their environment, elsewhere that of the remote `origin`. */
export function repositoryPage() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  return pageOf(server && name ? `${server}/${name}` : origin());
}

function origin() {
  try {
    return execFileSync('git', ['remote', 'get-url', 'origin'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch (cause) {
    throw new Error(
      'The packages name the page of their repository, and this clone has no remote origin to tell it. ' +
        'Add it: git remote add origin ADDRESS',
      { cause },
    );
  }
}
