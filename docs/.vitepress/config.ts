import { katex } from '@mdit/plugin-katex';
import { defineConfig } from 'vitepress';
import { treeshake } from '../explorer/treeshake.ts';
import { anchorOf } from '../src/anchor.ts';
import { withPolicy } from '../src/content-security-policy.ts';
import { highlighting } from '../src/highlight.ts';
import { indentedCode } from '../src/indented-code.ts';
import { withoutInlineStyles } from '../src/inline-styles.ts';
import { repositoryAddress, repositoryLinks } from '../src/links.ts';
import { nav, sidebar } from '../src/navigation.ts';
import { notFound } from '../src/not-found.ts';
import { excluded, pageOf, root } from '../src/pages.ts';
import { tables } from '../src/tables.ts';

/** A recurrence, in a square: part of each page, as addresses in its head are not made relative. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b6a62"/><path d="M21 11a7 7 0 1 0 0 10" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>',
)}`;

export default defineConfig({
  title: 'congruent',
  description: 'Recurrent layers in JavaScript, generated from their equations',
  lang: 'en',
  // The pages are the repository's Markdown, where it stands.
  srcDir: root,
  srcExclude: [...excluded],
  rewrites: (path) => pageOf(path) ?? path,
  // Wherever the folder lies: addresses are relative to each page.
  base: './',
  cleanUrls: false,
  // Otherwise a style element for a moment, which the page's policy forbids.
  appearance: { disableTransition: false },
  head: [['link', { rel: 'icon', href: ICON }]],
  transformHtml: (html, _, { page }) => withPolicy(page === '404.md' ? notFound : withoutInlineStyles(html)),
  markdown: {
    ...highlighting,
    anchor: { slugify: anchorOf },
    // Braces are code here, no attributes.
    attrs: false,
    config(md) {
      md.use(repositoryLinks, repositoryAddress());
      md.use(tables);
      md.use(indentedCode);
      // MathML alone: KaTeX's other output is of inline styles. Vue is not to read braces in it.
      md.use(katex, {
        output: 'mathml',
        mathFence: true,
        throwOnError: true,
        strict: 'error',
        transformer: (html: string) => html.replace(/^<(\w+)/, '<$1 v-pre'),
      });
    },
  },
  vite: {
    publicDir: 'docs/public',
    resolve: { conditions: ['@congruent/source', 'module', 'browser', 'development|production'] },
    // The search's index is of every page, and loaded by a search alone.
    build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 2000, rolldownOptions: { treeshake } },
    worker: { format: 'es' },
    server: { host: '127.0.0.1' },
  },
  themeConfig: {
    nav,
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    externalLinkIcon: true,
  },
});
