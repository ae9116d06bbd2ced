import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { sidebar } from '../src/navigation.ts';
import { files, read } from './site.ts';

const pages = [...files].filter((path) => path.endsWith('.html'));

/** What the text of HTML says where it stands for characters. */
const unescaped = (text: string): string => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"');

const attributes = (html: string, names: string): readonly string[] =>
  [...html.matchAll(new RegExp(`\\s(?:${names})="([^"]*)"`, 'g'))].map(([, value]) => unescaped(value!));

const anchors = new Map(pages.map((page) => [page, new Set(attributes(read(page), 'id|name'))]));

test('there are pages', () => {
  expect(pages.length).toBeGreaterThan(40);
});

/** Pages that the bar on top leads to, or that nobody looks for. */
const BESIDE = ['404.html', 'api/index.html', 'explorer/index.html', 'index.html'];

test('every page is in the sidebar, once', () => {
  const listed = sidebar.flatMap(({ items }) =>
    items!.map(({ link }) => `${link!.slice(1).replace(/\/$/, '/index')}.html`),
  );
  expect([...listed, ...BESIDE].sort()).toEqual([...pages].sort());
});

test.each(pages)('%s: every link leads to a file of the site, and to something on that page', (page) => {
  const links = attributes(read(page), 'href|src').filter((link) => !/^[a-z]+:/.test(link));
  const broken = links.filter((link) => {
    const [path, anchor] = link.split('#').map(decodeURIComponent) as [string, string | undefined];
    const target = path ? posix.join(posix.dirname(page), path) : page;
    if (!files.has(target)) return true;
    return anchor !== undefined && anchor !== '' && !anchors.get(target)?.has(anchor);
  });
  expect([...new Set(broken)]).toEqual([]);
});

test.each(pages)('%s: loads nothing from elsewhere', (page) => {
  const loaded = [
    ...read(page).matchAll(/<(?:script|link|img|iframe|source)\b[^>]*?\s(?:href|src)="((?!data:)[a-z]+:[^"]*)"/g),
  ];
  expect(loaded.map(([, address]) => address)).toEqual([]);
});
