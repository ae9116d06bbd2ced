import type { MarkdownOptions } from 'vitepress';

/** What the kinds of words in code are, by the scopes of TextMate's grammars. Each kind is a class of style.css. */
const SCOPES = {
  comment: ['comment', 'punctuation.definition.comment'],
  string: ['string', 'punctuation.definition.string', 'markup.inline.raw'],
  number: ['constant', 'support.constant'],
  keyword: ['keyword', 'storage', 'entity.name.tag', 'markup.heading'],
  function: ['entity.name.function', 'support.function', 'entity.other.attribute-name'],
  type: ['entity.name.type', 'support.type', 'support.class', 'entity.other.inherited-class'],
} as const;

const PROPERTY = /var\(--code-(\w+)\)/;

/**
 * Colours of code as classes: a page that forbids inline styles has no others. The theme gives each kind a CSS variable in
 * the place of a colour, and the transformer a class in the place of the style.
 */
export const highlighting: Pick<MarkdownOptions, 'theme' | 'codeTransformers'> = {
  theme: {
    name: 'congruent',
    type: 'light',
    colors: { 'editor.foreground': 'var(--code-text)', 'editor.background': 'var(--code-background)' },
    tokenColors: Object.entries(SCOPES).map(([kind, scope]) => ({
      scope: [...scope],
      settings: { foreground: `var(--code-${kind})` },
    })),
  },
  codeTransformers: [
    {
      name: 'classes',
      pre(node) {
        delete node.properties['style'];
      },
      span(node) {
        const style = String(node.properties['style'] ?? '');
        const kind = PROPERTY.exec(style)?.[1];
        delete node.properties['style'];
        if (kind && kind !== 'text') this.addClassToHast(node, `code-${kind}`);
        if (style.includes('user-select')) this.addClassToHast(node, 'code-prompt');
      },
    },
  ],
};
