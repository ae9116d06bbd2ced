import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { commandsOf, matches, run, usesBlock } from '../src/commands.ts';
import { blocks, read, root } from '../src/documents.ts';
import { expectedPrints, printed } from '../src/printed.ts';
import { runRegistered } from '../src/registered.ts';
import { folderOf, writeBlocks } from '../src/write.ts';

const all = blocks();
const excerpts = all.filter(({ info }) => info.startsWith('no-run'));
const programs = all.filter(
  (block) => ['js', 'ts', 'tsx', 'typescript'].includes(block.language) && !/^(no-run|elsewhere)/.test(block.info),
);
const paths = writeBlocks(programs);

// Blocks read their files from here.
process.chdir(fileURLToPath(new URL('../data', import.meta.url)));

afterEach(() => vi.restoreAllMocks());

describe('commands on blocks', () => {
  const commands = all.flatMap((block) =>
    commandsOf(block)
      .filter(usesBlock)
      .map((command) => [command.title, command.text, command.output, block.document] as const),
  );

  // A backend's emitter makes every variant of its kernels.
  test.each(commands)(
    '%s: %s',
    (_, text, output, document) => {
      const { status, lines } = run(text, folderOf(document));
      expect(status, lines.join('\n')).toBe(0);
      if (output.length > 0 && !matches(lines, output)) expect(lines).toEqual(output);
    },
    180_000,
  );
});

describe('blocks', () => {
  // Some run the conformance suite, of every class.
  test.each(programs.map((block) => [block.title, block] as const))(
    '%s runs and prints what it says',
    async (_, block) => {
      if (block.code.includes("from 'node:test';")) {
        const { status, stdout } = spawnSync('node', [paths.get(block)!], { encoding: 'utf8' });
        expect(status, stdout).toBe(0);
        return;
      }
      const got: string[] = [];
      vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
        got.push(printed(values));
      });
      await import(/* @vite-ignore */ paths.get(block)!);
      await runRegistered();
      const expected = expectedPrints(block.code);
      expect(got).toEqual(expected.map((text, index) => text ?? got[index]));
    },
    600_000,
  );

  test.each(['tsconfig.json', 'tsconfig.javascript.json'])('every block has the right types, by %s', (project) => {
    const args = ['node_modules/typescript/bin/tsc', '-p', `tools/examples/${project}`, '--pretty', 'false'];
    expect(spawnSync('node', args, { cwd: root, encoding: 'utf8' }).stdout).toBe('');
  });
});

describe('excerpts', () => {
  test.each(excerpts.map((block) => [block.title, block] as const))('%s is in its source', (_, { info, code }) => {
    const source = /^no-run from=(\S+)$/.exec(info)?.[1];
    expect(source, 'write no-run from=path/of/source; blocks that are no excerpt must run').toBeDefined();
    expect(read(source!)).toContain(code);
  });
});
