import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cleanHead, commitCalled, GitError } from '../src/against/git.ts';

let folder = '';
const git = (...args: string[]): string => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'congruent-git-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function commit(): string {
  git('init', '--quiet');
  mkdirSync(join(folder, 'packages'));
  write('packages/a.ts', 'export const a = 1;');
  git('add', '.');
  git('-c', 'user.name=Test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'First');
  return git('rev-parse', 'HEAD');
}

test('a commit has any name that git knows, and an unknown one comes with the remedy', async () => {
  const head = commit();
  expect(await commitCalled('HEAD', folder)).toBe(head);
  expect(await commitCalled(head.slice(0, 8), folder)).toBe(head);
  for (const name of ['v9', `${'0'.repeat(40)}`, '--all', '']) {
    const refused = commitCalled(name, folder);
    await expect(refused).rejects.toThrow(GitError);
    await expect(refused).rejects.toThrow(`no commit '${name}' in this clone. git log`);
  }
});

test('changed and new files of the packages are refused and named, others are not', async () => {
  const head = commit();
  write('README.md', 'Read me.');
  expect(await cleanHead(folder)).toBe(head);
  write('packages/b.ts', '');
  await expect(cleanHead(folder)).rejects.toThrow(/git stash -u\.\n\?\? packages\/b\.ts$/);
  rmSync(join(folder, 'packages/b.ts'));
  write('packages/a.ts', 'export const a = 2;');
  await expect(cleanHead(folder)).rejects.toThrow(/packages\/a\.ts$/);
});

test('without a repository, or without git, it says what is missing', async () => {
  await expect(commitCalled('HEAD', folder)).rejects.toThrow(/has none: clone the repository with git/);
  vi.stubEnv('PATH', folder);
  await expect(commitCalled('HEAD', folder)).rejects.toThrow(/not in the PATH: install it/);
  vi.unstubAllEnvs();
});
