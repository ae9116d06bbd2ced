import { afterEach, vi } from 'vitest';

const { argv } = process;

afterEach(() => {
  process.argv = argv;
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

/** What `congruent` prints, and its exit code. */
export async function congruent(...args: readonly string[]): Promise<{ printed: string; exitCode: unknown }> {
  const lines: unknown[] = [];
  const print = (line: unknown): void => void lines.push(line);
  vi.resetModules();
  vi.spyOn(console, 'log').mockImplementation(print);
  vi.spyOn(console, 'error').mockImplementation(print);
  process.argv = ['node', 'congruent', ...args];
  await import('../src/cli.ts');
  return { printed: lines.join('\n'), exitCode: process.exitCode };
}
