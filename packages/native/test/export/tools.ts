import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { versionOf } from '../../../../tools/testing/compilers.mjs';

/** Whether programs are on this machine, which is said where they are not. Where CI is set they have to be. */
export function present(...programs: readonly string[]): boolean {
  const missing = programs.filter((program) => versionOf(program) === undefined);
  if (missing.length === 0) return true;
  const message = `not on this machine: ${missing.join(', ')}`;
  if (process.env['CI']) throw new Error(message);
  console.warn(`${message}; tests that need it are skipped`);
  return false;
}

const exec = promisify(execFile);

/** What a program prints. Whatever it says besides is an error. */
export async function output(folder: string, program: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await exec(program, args, { cwd: folder, maxBuffer: 2 ** 28 });
  if (stderr) throw new Error(stderr);
  return stdout;
}
