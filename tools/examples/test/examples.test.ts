import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { blocks, read, root } from '../src/documents.ts';
import { expectedPrints, printed } from '../src/printed.ts';
import { runRegistered } from '../src/registered.ts';
import { writeBlocks } from '../src/write.ts';

const all = blocks();
const excerpts = all.filter(({ info }) => info.startsWith('no-run'));
const programs = all.filter(
  (block) => ['ts', 'tsx', 'typescript'].includes(block.language) && !excerpts.includes(block),
);
const paths = writeBlocks(programs);

// Blocks read their files from here.
process.chdir(fileURLToPath(new URL('../data', import.meta.url)));

afterEach(() => vi.restoreAllMocks());

describe('blocks', () => {
  test.each(programs.map((block) => [block.title, block] as const))(
    '%s runs and prints what it says',
    async (_, block) => {
      const got: string[] = [];
      vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
        got.push(printed(values));
      });
      await import(/* @vite-ignore */ paths.get(block)!);
      await runRegistered();
      const expected = expectedPrints(block.code);
      expect(got).toEqual(expected.map((text, index) => text ?? got[index]));
    },
  );

  test('every block has the right types', () => {
    const args = ['node_modules/typescript/bin/tsc', '-p', 'tools/examples', '--pretty', 'false'];
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
