import { describe, expect, test } from 'vitest';
import { withPages } from '../../release/links.mjs';
import { pageOf } from '../../release/repository.mjs';

const PAGE = 'https://host.example/owner/name';

describe('the page of a repository', () => {
  test.each([
    'https://host.example/owner/name.git',
    'https://host.example/owner/name/',
    'https://someone:secret@host.example/owner/name.git',
    'ssh://git@host.example:2222/owner/name.git',
    'git+ssh://git@host.example/owner/name.git',
    'git@host.example:owner/name.git',
    'host.example:owner/name',
    'git://host.example/owner/name.git',
  ])('of the remote %s', (remote) => {
    expect(pageOf(remote)).toBe(PAGE);
  });

  test('has the port of a server of the web', () => {
    expect(pageOf('http://127.0.0.1:4873/owner/name.git')).toBe('http://127.0.0.1:4873/owner/name');
  });

  test.each(['/srv/name.git', '../name', 'file:///srv/name.git', 'C:\\name', '', 'https://host.example/'])(
    'there is none of %j, and it is said how to set one',
    (remote) => {
      expect(() => pageOf(remote)).toThrow(/^The packages name .* git remote set-url origin ADDRESS$/);
    },
  );
});

describe('the links of a README', () => {
  const pages = {
    page: PAGE,
    tag: 'congruent@1.2.0',
    isFolder: (path: string) => !path.includes('.'),
    isPacked: (path: string) => path.startsWith('packages/wasm/') && !path.endsWith('.wat'),
  };
  const of = (text: string) => withPages(text, 'packages/wasm', pages);

  test.each([
    [
      'a file elsewhere',
      '[errors](../../docs/errors.md#wasm_memory)',
      `[errors](${PAGE}/blob/congruent@1.2.0/docs/errors.md#wasm_memory)`,
    ],
    [
      'what is not packed',
      '[gru](src/generated/gru.wat)',
      `[gru](${PAGE}/blob/congruent@1.2.0/packages/wasm/src/generated/gru.wat)`,
    ],
    ['a folder elsewhere', '[scalar](../scalar)', `[scalar](${PAGE}/tree/congruent@1.2.0/packages/scalar)`],
    [
      'what an earlier version led to',
      `[scalar](${PAGE}/tree/congruent@1.1.0/packages/scalar)`,
      `[scalar](${PAGE}/tree/congruent@1.2.0/packages/scalar)`,
    ],
  ])('%s', (_, before, after) => {
    expect(of(`See ${before}.`)).toBe(`See ${after}.`);
  });

  test.each([
    ['its own files', '[index.ts](src/index.ts) and [above](#needs)'],
    ['other places', '[gpu.js](https://gpu.rocks)'],
    ['code', '`[a](../b)` and\n```md\n[a](../b)\n```'],
  ])('to %s stay', (_, text) => {
    expect(of(text)).toBe(text);
  });
});
