import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, whose Markdown the pages are. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** Where a file of the repository stands in the site, by its path from the root: the first pattern that fits. */
const PAGES: readonly (readonly [RegExp, string])[] = [
  [/^README\.md$/, 'overview.md'],
  [/^docs\/explorer\.md$/, 'explorer/index.md'],
  [/^docs\/examples\/([^/]+)\/README\.md$/, 'examples/$1.md'],
  [/^docs\/(?!examples\/|explorer\/)(.+\.md)$/, '$1'],
  [/^(packages|tools)\/([^/]+)\/README\.md$/, '$1/$2.md'],
];

/** Markdown that is no page: everything that `PAGES` does not name. */
export const excluded: readonly string[] = [
  'docs/explorer/**',
  'docs/examples/*/*/**',
  '{packages,tools}/*/*/**',
  'packages/*/!(README).md',
];

/** The page of a file, e.g. `packages/wasm.md` of `packages/wasm/README.md`; none where it is no page. */
export function pageOf(file: string): string | undefined {
  const found = PAGES.find(([pattern]) => pattern.test(file));
  return found && file.replace(...found);
}

/** What a link leads to. */
export type Target = { readonly page: string } | { readonly file: string; readonly folder: boolean };

/** What a path of the repository leads to: a page, which for a folder is that of its README, or a file that is none. */
export function targetOf(path: string): Target {
  for (const file of [path, posix.join(path, 'README.md'), posix.join(path, 'index.md')]) {
    const page = pageOf(file);
    if (page && existsSync(posix.join(root, file))) return { page };
  }
  const stat = statSync(posix.join(root, path), { throwIfNoEntry: false });
  if (!stat) throw new Error(`A link leads to ${path}, which does not exist.`);
  return { file: path, folder: stat.isDirectory() };
}
