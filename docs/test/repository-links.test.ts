import { join } from 'node:path';
import { createMarkdownRenderer, disposeMdItInstance } from 'vitepress';
import { afterEach, expect, test } from 'vitest';
import { repositoryLinks } from '../src/links.ts';
import { root } from '../src/pages.ts';

afterEach(disposeMdItInstance);

/** What becomes of Markdown that stands in docs/. */
async function rendered(text: string, repository?: string): Promise<string> {
  const md = await createMarkdownRenderer(root, { config: (each) => void each.use(repositoryLinks, repository) });
  return md.render(text, { path: join(root, 'docs', 'page.md') });
}

test.each([
  ['a page', '[x](errors.md#codes)', '/errors.html#codes'],
  ['a page that another folder has', '[x](../packages/wasm/README.md)', '/packages/wasm.html'],
  ['a folder, by its README', '[x](../packages/wasm)', '/packages/wasm.html'],
  ['a folder, by its index', '[x](bring-your-model/)', '/bring-your-model/'],
  ['the README of the repository', '[x](../README.md)', '/overview.html'],
  ['another site', '[x](https://example.org/a.md)', 'https://example.org/a.md'],
])('a link leads to %s', async (_, text, href) => {
  expect(await rendered(text)).toContain(`href="${href}"`);
});

test('a file that is no page is a link where the repository has an address', async () => {
  expect(await rendered('[x](../nx.json) [y](../packages/wasm/src)', 'https://example.org/r')).toMatch(
    /href="https:\/\/example.org\/r\/blob\/HEAD\/nx.json".*href="https:\/\/example.org\/r\/tree\/HEAD\/packages\/wasm\/src"/s,
  );
});

test('without an address it is its path, and no link', async () => {
  const html = await rendered('[x](../nx.json) [y](errors.md)');
  expect(html).toContain('<span class="repository-file" title="nx.json">x</span>');
  expect(html).toContain('href="/errors.html"');
});

test('what does not exist is an error', async () => {
  await expect(rendered('[x](../gone.ts)')).rejects.toThrow('A link leads to gone.ts, which does not exist.');
});
