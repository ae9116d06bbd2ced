import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the README says what each source file does', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const listed = [...readme.matchAll(/^\| `([\w-]+\.ts)` \|/gm)].map(([, file]) => file);
  expect([...listed].sort()).toEqual(readdirSync(new URL('../src', import.meta.url)).sort());
});
