import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { root, targetOf } from './pages.ts';

type Token = ReturnType<MarkdownRenderer['parse']>[number];

/** Where the repository can be read, as far as its package.json says so. */
export function repositoryAddress(): string | undefined {
  const { repository } = JSON.parse(readFileSync(posix.join(root, 'package.json'), 'utf8'));
  return /https:\/\/.+?(?=\.git$|$)/.exec(repository?.url ?? repository ?? '')?.[0];
}

/**
 * Links as they stand in the repository, relative to their file, lead to the site's pages. A file that is no page leads
 * to the repository where its address is known; otherwise its path is what there is to show.
 */
export function repositoryLinks(md: MarkdownRenderer, repository: string | undefined): void {
  md.core.ruler.after('inline', 'repository_links', ({ tokens, env }) => {
    for (const { children } of tokens) {
      for (const [index, token] of (children ?? []).entries()) {
        if (token.type === 'link_open') follow(token, children!.slice(index), env, repository);
      }
    }
  });
}

/** Where a page's Markdown lies; `realPath` where the page has another address. */
interface Place {
  readonly realPath?: string;
  readonly path: string;
}

function follow(
  open: Token,
  following: readonly Token[],
  { realPath, path: page }: Place,
  repository: string | undefined,
): void {
  const href = open.attrGet('href')!;
  if (/^([a-z]+:|#|\/)/.test(href)) return;
  const [path, heading] = decodeURI(href).split('#') as [string, string | undefined];
  const folder = posix.dirname(posix.relative(root, realPath ?? page));
  const target = targetOf(posix.join(folder, path).replace(/\/$/, ''));
  if ('page' in target) {
    open.attrSet('href', `/${target.page}${heading ? `#${heading}` : ''}`);
  } else if (repository) {
    open.attrSet('href', `${repository}/${target.folder ? 'tree' : 'blob'}/HEAD/${target.file}`);
  } else {
    const close = following.find(({ type }) => type === 'link_close')!;
    open.tag = close.tag = 'span';
    open.type = 'span_open';
    open.attrs = [
      ['class', 'repository-file'],
      ['title', target.file],
    ];
  }
}
