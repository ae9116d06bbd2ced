import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { anchorOf } from '../../../docs/src/anchor.ts';
import { documents, proseOf, root } from '../src/documents.ts';

/** The links of a document; those that a release made absolute (tools/release) as they were before. */
const targetsOf = (document: string): readonly string[] =>
  [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => {
    const path = /^https?:.*\/(?:blob|tree)\/congruent@[^/]+\/(.*)$/.exec(target!)?.[1];
    return path === undefined ? target! : relative(dirname(document), path);
  });

const headings = (path: string): readonly string[] =>
  [...proseOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));

test.each(documents())('%s: every link leads to a file of the repository and to one of its headings', (document) => {
  const broken = targetsOf(document)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file, heading] = target.split('#') as [string, string | undefined];
      const path = file ? join(dirname(document), file) : document;
      if (!existsSync(join(root, path))) return true;
      return heading !== undefined && !headings(path).includes(heading);
    });
  expect(broken).toEqual([]);
});
