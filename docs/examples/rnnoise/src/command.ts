import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../../packages/congruent/bin/congruent.js', import.meta.url));

/** The file with the network, as it was compiled. */
export const cells: string = fileURLToPath(new URL('../dist/network.js', import.meta.url));

/** Runs the command `congruent`; gives what it prints. */
export const congruent = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
