import type { MarkdownRenderer } from 'vitepress';

/**
 * Tables without what a page cannot have: columns are aligned by classes, as its policy allows no inline styles, and a
 * header without text, above the names of rows, is no header.
 */
export function tables(md: MarkdownRenderer): void {
  md.core.ruler.after('inline', 'tables', ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      if (token.type !== 'th_open' && token.type !== 'td_open') continue;
      const alignment = /^text-align:(\w+)$/.exec(token.attrGet('style') ?? '')?.[1];
      token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style');
      if (alignment) token.attrJoin('class', `align-${alignment}`);
      if (tokens[index + 1]!.content === '') token.tag = tokens[index + 2]!.tag = 'td';
    }
  });
}
