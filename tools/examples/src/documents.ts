import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../../../', import.meta.url));

/** One fenced block of a document. */
export interface Block {
  /** From the root, e.g. `docs/numerics.md`. */
  readonly document: string;
  /** Names the block in a test's title: document, heading, number below the heading. */
  readonly title: string;
  /** Line of the first line of code, counted from 1. */
  readonly line: number;
  readonly language: string;
  /** What stands behind the language, e.g. `file=emitter.ts`. */
  readonly info: string;
  readonly code: string;
}

/** The user's documentation: README.md, docs, and the README of each package. */
export function documents(): readonly string[] {
  const below = (folder: string): string[] => readdirSync(join(root, folder), { recursive: true }) as string[];
  const docs = below('docs').map((path) => join('docs', path));
  const packages = readdirSync(join(root, 'packages')).flatMap((name) =>
    readdirSync(join(root, 'packages', name)).map((file) => join('packages', name, file)),
  );
  return ['README.md', ...docs, ...packages.filter((path) => path.endsWith('README.md'))]
    .filter((path) => path.endsWith('.md') && !/[/\\](node_modules|dist)[/\\]/.test(path))
    .filter((path) => !path.startsWith(join('docs', 'api'))) // made from docstrings, not committed
    .sort();
}

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Every fenced block of a document, in order. */
export function blocksOf(document: string): readonly Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let number = 0;
  let open: { line: number; language: string; info: string } | undefined;
  let code: string[] = [];
  for (const [index, line] of read(document).split('\n').entries()) {
    const fence = /^```(\S*) *(.*)$/.exec(line);
    if (open && line === '```') {
      number++;
      blocks.push({ document, title: `${document}, ${heading}, block ${number}`, ...open, code: code.join('\n') });
      open = undefined;
    } else if (open) code.push(line);
    else if (fence) {
      open = { line: index + 2, language: fence[1]!, info: fence[2]! };
      code = [];
    } else if (/^#+ /.test(line)) {
      heading = line.replace(/^#+ /, '');
      number = 0;
    }
  }
  return blocks;
}

/** A document without its fenced blocks. */
export const proseOf = (document: string): string => read(document).replaceAll(/^```[\s\S]*?^```$/gm, '');

/** Every block of every document. */
export const blocks = (): readonly Block[] => documents().flatMap(blocksOf);
