import type { MarkdownRenderer } from 'vitepress';

/** Indented code, as in docstrings, is a block of text like any other, which scrolls and can be reached by the keyboard. */
export function indentedCode(md: MarkdownRenderer): void {
  md.core.ruler.after('block', 'indented_code', ({ tokens }) => {
    for (const token of tokens.filter(({ type }) => type === 'code_block'))
      Object.assign(token, { type: 'fence', info: 'text' });
  });
}
