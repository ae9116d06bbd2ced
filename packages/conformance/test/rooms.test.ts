/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const src = join(folder, 'src');

/** The rooms in the order of the readme's table. */
const rooms = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| `(\w+)`.* \|$/gm)].map(
  (row) => row[1]!,
);

const roomOf = (file: string): string => relative(src, file).split('/')[0]!;

const imports = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.includes('/') && name.endsWith('.ts'))
  .flatMap((name) => {
    const file = join(src, name);
    const targets = [...readFileSync(file, 'utf8').matchAll(/from '(\..*\.ts)'/g)].map(([, path]) => path!);
    return targets.map((path) => ({ file, target: resolve(file, '..', path) }));
  });

test('the readme has every room', () => {
  const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect([...rooms].sort()).toEqual(folders.map(({ name }) => name).sort());
});

test('every file imports from its own room or from one above it in the table', () => {
  const isBelow = (a: string, b: string): boolean => rooms.indexOf(roomOf(a)) > rooms.indexOf(roomOf(b));
  expect(imports.length).toBeGreaterThan(200);
  expect(imports.filter(({ file, target }) => isBelow(target, file))).toEqual([]);
});

test('no file imports itself through others', () => {
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path, file]);
    else if (!done.has(file)) {
      for (const { target } of imports.filter((each) => each.file === file)) visit(target, [...path, file]);
      done.add(file);
    }
  };
  for (const { file } of imports) visit(file, []);
  expect(circles).toEqual([]);
});
