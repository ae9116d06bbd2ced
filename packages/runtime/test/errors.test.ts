import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CongruentError, ERROR_CODES } from '../src/index.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

test('docs/errors.md has one heading per code, in the order of the list, and no other', () => {
  expect(headings).toEqual([...ERROR_CODES]);
});

for (const section of page.split(/^## /m).slice(1)) {
  const [code] = section.split('\n');
  test(`docs/errors.md on ${code}: what it is, an example message with the code, and a remedy`, () => {
    expect(section).toContain(`\n    ${code}: `);
    expect(section).toContain('**Remedy**');
  });
}

test('a CongruentError is an Error with a code, and a message that begins with it', () => {
  const cause = new Error('why');
  const error = new CongruentError('CONGRUENT_SHAPE', 'too long', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'CongruentError',
    code: 'CONGRUENT_SHAPE',
    message: 'CONGRUENT_SHAPE: too long',
    cause,
  });
});

test('a message that quotes a file is below 2,000 characters, and keeps its beginning and its remedy', () => {
  const { message } = new CongruentError('CONGRUENT_SHAPE', `GRU.forward: got ${'x\n'.repeat(1_000_000)}. Give less.`);
  expect(message.length).toBeLessThan(2000);
  expect(message).toMatch(/^CONGRUENT_SHAPE: GRU.forward: got x/);
  expect(message).toMatch(/Give less\.$/);
});

test('a CongruentError is made where Error.prototype is frozen', () => {
  const before = Object.getOwnPropertyDescriptor(Error.prototype, 'name')!;
  Object.defineProperty(Error.prototype, 'name', { ...before, writable: false });
  try {
    expect(new CongruentError('CONGRUENT_SHAPE', 'too long').name).toBe('CongruentError');
  } finally {
    Object.defineProperty(Error.prototype, 'name', before);
  }
});
