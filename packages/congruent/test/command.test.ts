import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const program = fileURLToPath(new URL('../bin/congruent.js', import.meta.url));
const cli = fileURLToPath(new URL('../../cli', import.meta.url));

/** A folder until the test ends. */
function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'congruent-command-')));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** The program in a folder of its own, where @congruent/cli is not installed. */
function alone(): string {
  const path = join(folder(), 'congruent.mjs');
  cpSync(program, path);
  return path;
}

function run(path: string, cwd: string, ...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [path, ...args], { cwd, encoding: 'utf8' });
  return { stdout, stderr, status };
}

test('the command runs @congruent/cli, which is installed beside it', () => {
  const { stdout, status } = run(program, folder(), 'show', 'gru');
  expect(stdout).toMatch(/^gru\(x\[I\], h\[H\]\) -> h'\n/);
  expect(status).toBe(0);
});

test('or in the folder that it is run in', () => {
  const application = folder();
  mkdirSync(join(application, 'node_modules/@congruent'), { recursive: true });
  symlinkSync(cli, join(application, 'node_modules/@congruent/cli'), 'dir');
  expect(run(alone(), application, 'show', 'gru').stdout).toMatch(/^gru\(x/);
});

test('its exit code is that of what it runs', () => {
  expect(run(program, folder(), 'dance')).toMatchObject({ stderr: expect.stringContaining('dance'), status: 2 });
});

test('a reader that has enough is no error', () => {
  // Not by a pipe that is closed: whether it is noticed before the end depends on the moment.
  const preload = (code: string): string =>
    `data:text/javascript,process.once("beforeExit", () => process.stdout.emit("error", Object.assign(new Error("write"), { code: "${code}" })))`;
  const runWith = (code: string) =>
    spawnSync(process.execPath, ['--import', preload(code), program, 'show', 'gru'], { encoding: 'utf8' });
  expect(runWith('EPIPE')).toMatchObject({ stderr: '', status: 0 });
  expect(runWith('EIO').status).not.toBe(0);
});

test('without @congruent/cli it says how to install it, with exit code 1', () => {
  expect(run(alone(), folder(), 'show', 'gru')).toEqual({
    stdout: '',
    stderr:
      'congruent: COMMAND_MISSING: the command is in the package @congruent/cli, which is not installed here. ' +
      'Install it: npm install --save-dev @congruent/cli\n',
    status: 1,
  });
});
