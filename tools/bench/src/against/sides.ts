import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPackages, copyPackages } from './build.ts';
import { cleanHead, commitCalled, git, repository } from './git.ts';

export const SIDES = ['before', 'after'] as const;
export type SideName = (typeof SIDES)[number];

/** The packages at one commit, built. */
export interface Side {
  /** The commit's hash. */
  readonly commit: string;
  /** The folder of the packages, as an address. */
  readonly packages: string;
}

export type Sides = Readonly<Record<SideName, Side>>;

/** The user stopped it. */
export class Stopped extends Error {
  /** What a shell expects of a process that this signal ended. */
  readonly exitCode: number;

  constructor(signal: (typeof SIGNALS)[number]) {
    super(`Stopped by ${signal}.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Builds a commit in a temporary git worktree, copies the packages of this one beside it, and removes both after use, also
 * where the user stops it. Both lie in one folder, so that a cold start reads the same file system.
 *
 * @throws GitError, Stopped
 */
export async function withSides<T>(commit: string, use: (sides: Sides) => Promise<T>): Promise<T> {
  const commits = { before: await commitCalled(commit), after: await cleanHead() };
  const folder = mkdtempSync(join(tmpdir(), 'congruent-against-'));
  const roots = { before: join(folder, 'before'), after: join(folder, 'after') };
  const { stopped, forget } = untilStopped();
  const ending = new AbortController();
  let building: Promise<void> | undefined;
  const built = async (): Promise<Sides> => {
    console.error(`Building ${commits.before.slice(0, 7)} in ${roots.before}.`);
    await git(repository, 'worktree', 'add', '--detach', roots.before, commits.before);
    building = buildPackages(roots.before, repository, ending.signal);
    await building;
    await copyPackages(repository, roots.after);
    const side = (name: SideName): Side => ({
      commit: commits[name],
      packages: `${pathToFileURL(join(roots[name], 'packages')).href}/`,
    });
    return { before: side('before'), after: side('after') };
  };
  try {
    return await Promise.race([built().then(use), stopped]);
  } finally {
    ending.abort();
    // A build that goes on would write what was just removed.
    await building?.catch(() => undefined);
    await remove(folder, roots.before);
    forget();
  }
}

async function remove(folder: string, worktree: string): Promise<void> {
  // It may not have been added yet.
  await git(repository, 'worktree', 'remove', '--force', worktree).catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Rejected where the user stops the process, which until it is forgotten does not end by that. */
function untilStopped(): { stopped: Promise<never>; forget: () => void } {
  let stop: (signal: (typeof SIGNALS)[number]) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = (signal) => reject(new Stopped(signal));
  });
  for (const signal of SIGNALS) process.on(signal, stop);
  const forget = () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  return { stopped, forget };
}
