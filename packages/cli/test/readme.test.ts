import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the README says what each source file does', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const listed = [...readme.matchAll(/^\| `([\w/-]+\.ts)` \|/gm)].map(([, file]) => file);
  const files = readdirSync(new URL('../src', import.meta.url), { recursive: true, encoding: 'utf8' });
  expect([...listed].sort()).toEqual(files.filter((path) => path.endsWith('.ts')).sort());
});
