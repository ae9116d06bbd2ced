import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const page = fileURLToPath(new URL('../dist/page', import.meta.url));

/** Every file that the page loads. It loads all there are. */
const files = readdirSync(page, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

test('the whole page, with the guitar and the weights, is less than 40 KB', () => {
  const sizes = files.map(({ parentPath, name }) => {
    const contents = readFileSync(join(parentPath, name));
    return [name, name.endsWith('.mp3') ? contents.length : gzipSync(contents, { level: 9 }).length] as const;
  });
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  console.log([...sizes, ['in all', total]].map(([name, bytes]) => `${name} ${bytes}`).join(', '));
  expect(sizes.length).toBe(6);
  expect(total).toBeLessThan(40_000);
});

test('the page loads nothing from elsewhere', () => {
  const texts = files.filter(({ name }) => /\.(html|css|js)$/.test(name));
  for (const { parentPath, name } of texts) {
    expect(readFileSync(join(parentPath, name), 'utf8')).not.toMatch(
      /(?:src|<link[^>]* href)=["']?(?:https?:)?\/\/|url\(["']?(?:https?:)?\/\//,
    );
  }
});
