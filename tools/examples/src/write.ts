import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Block } from './documents.ts';

const here = fileURLToPath(new URL('../', import.meta.url));

/** Where the blocks become modules: below the root, so that the workspace's packages resolve; ignored by git. */
const target = join(here, 'dist', 'blocks');

/** Files that a document's blocks import and the reader is to think of, by the document's name. */
const fixtures = join(here, 'fixtures');

/** What blocks read; commands find it beside the blocks. */
const data = join(here, 'data');

const nameOf = (document: string): string => document.replaceAll('/', '-').replace(/\.md$/, '');

/** The folder of a document's blocks. */
export const folderOf = (document: string): string => join(target, nameOf(document));

/** Writes each block as a module, blocks of one document into one folder, and gives their paths. */
export function writeBlocks(blocks: readonly Block[]): ReadonlyMap<Block, string> {
  rmSync(target, { recursive: true, force: true });
  const paths = new Map<Block, string>();
  for (const block of blocks) {
    const folder = folderOf(block.document);
    const given = join(fixtures, nameOf(block.document));
    if (!existsSync(folder)) {
      cpSync(data, folder, { recursive: true });
      if (existsSync(given)) cpSync(given, folder, { recursive: true });
    }
    const path = join(
      folder,
      /^file=(\S+)$/.exec(block.info)?.[1] ?? `line-${block.line}.${block.language === 'js' ? 'mjs' : 'ts'}`,
    );
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${block.code}\n`);
    paths.set(block, path);
  }
  return paths;
}
