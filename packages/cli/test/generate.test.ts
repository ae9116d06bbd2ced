import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { congruent } from './congruent.ts';
import { generatedIn, textEmitter, workspace, write } from './workspace.ts';

const both = { one: textEmitter('one'), two: textEmitter('two') };

test('generate writes the files of every backend, with --backend those of one', async () => {
  const root = workspace(both);
  const { printed, exitCode } = await congruent('generate', '--root', root, '--backend', 'two');
  expect(printed).toMatch(
    /^two: 1 of 1 files changed\n {2}packages\/two\/src\/generated\/cell.txt {2}\d+ bytes {2}written$/,
  );
  expect(exitCode).toBe(0);
  expect(existsSync(join(root, 'packages/one/src'))).toBe(false);
  const all = await congruent('generate', '--root', root);
  expect(all.printed).toContain('one: 1 of 1 files changed');
  expect(all.printed).toContain('two: nothing changed');
  expect(generatedIn(root, 'one')['cell.txt']).toMatch(
    /^# Generated from packages\/spec\/src\/cells\/gru.ts by packages\/one\/codegen. Do not edit.\n[\s\S]*\n\none\n$/,
  );
});

test('generate removes what no emitter makes, and mends what was edited', async () => {
  const root = workspace(both);
  await congruent('generate', '--root', root);
  const made = generatedIn(root, 'one');
  write(join(root, 'packages/one/src/generated'), { 'cell.txt': 'edited', 'old/cell.txt': 'old' });
  const { printed } = await congruent('generate', '--root', root);
  expect(printed).toContain('one: 2 of 2 files changed');
  expect(printed).toContain(`${join('packages/one/src/generated/old/cell.txt')}  0 bytes  removed`);
  expect(generatedIn(root, 'one')).toEqual(made);
});

test('generate --check changes nothing; its exit code says whether anything would change', async () => {
  const root = workspace(both);
  expect((await congruent('generate', '--root', root, '--check')).exitCode).toBe(1);
  expect(existsSync(join(root, 'packages/one/src'))).toBe(false);
  await congruent('generate', '--root', root);
  expect((await congruent('generate', '--root', root, '--check')).exitCode).toBe(0);
  write(join(root, 'packages/one/src/generated'), { 'more.txt': '' });
  expect((await congruent('generate', '--root', root, '--check')).exitCode).toBe(1);
  expect(generatedIn(root, 'one')).toHaveProperty(['more.txt']);
});

test('nothing is written where one of the emitters fails', async () => {
  const root = workspace({ ...both, two: textEmitter('two', '../../package.json') });
  write(join(root, 'packages/one/src/generated'), { 'old.txt': 'old' });
  const { printed, exitCode } = await congruent('generate', '--root', root);
  expect(printed).toBe(
    'congruent: packages/two/codegen, ../../package.json: not a path below the folder of generated files. Use names and forward slashes, without . and ..',
  );
  expect(exitCode).toBe(1);
  expect(generatedIn(root, 'one')).toEqual({ 'old.txt': 'old' });
});

test('generate --backend names the emitter that does not exist, and those that do', async () => {
  const root = workspace(both);
  for (const name of ['three', 'none', '../packages/one']) {
    const { printed, exitCode } = await congruent('generate', '--root', root, '--backend', name);
    expect(printed).toContain(`${join(root, 'packages', name, 'codegen/index.ts')}, its emitter, does not exist`);
    expect(printed).toContain('Backends: one, two');
    expect(exitCode).toBe(1);
  }
});

test('an emitter that is not built says how to build it', async () => {
  const root = workspace(both);
  rmSync(join(root, 'packages/two/codegen/dist'), { recursive: true });
  const { printed, exitCode } = await congruent('generate', '--root', root);
  expect(printed).toContain('packages/two/codegen/dist/index.js does not exist. Build the emitter first: npx nx ');
  expect(exitCode).toBe(1);
});

test.each([
  ['of another name', textEmitter('one')],
  ['that is none', 'export default { name: "two" };'],
  ['without a default export', 'export const emitter = 1;'],
])('an emitter %s is refused, as it would write where another does', async (_, source) => {
  const { printed, exitCode } = await congruent('generate', '--root', workspace({ ...both, two: source }));
  expect(printed).toContain("index.js exports no emitter of its backend. Its default export is { name: 'two', emit }.");
  expect(exitCode).toBe(1);
});

test('a root without packages says how to name another', async () => {
  const { printed, exitCode } = await congruent('generate', '--root', '/nowhere');
  expect(printed).toContain('congruent: /nowhere is not the repository of congruent: ');
  expect(printed).toContain('say where it is: --root DIR');
  expect(exitCode).toBe(2);
});

test('an unknown option is wrong usage', async () => {
  const { printed, exitCode } = await congruent('generate', '--dry');
  expect(printed).toContain("'--dry'");
  expect(printed).toContain('Try: congruent --help');
  expect(exitCode).toBe(2);
});
