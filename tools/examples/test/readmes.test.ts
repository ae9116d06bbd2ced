import { parseAst } from 'vite';
import { describe, expect, test } from 'vitest';
import { type Block, blocks, blocksOf, documents, read } from '../src/documents.ts';

const isReadme = (path: string): boolean => path === 'README.md' || /^packages\/\w+\/README\.md$/.test(path);
const readmes = documents().filter(isReadme);

/** Blocks of READMEs in TypeScript: what they show is types. */
const TYPES_ARE_THE_SUBJECT = ['packages/runtime/README.md, @congruent/runtime, block 3'];

const isJavaScript = ({ code }: Block): boolean => {
  try {
    parseAst(code);
    return true;
  } catch {
    return false;
  }
};

/** The packages that a block imports by their names. */
const imported = ({ code }: Block): readonly string[] =>
  [...code.matchAll(/(?:^import |from )'((?:@[\w-]+\/)?\w[\w.-]*)(?:\/[^']*)?';$/gm)].map(([, name]) => name!);

/** The packages that a block tells to install. */
const installed = ({ language, code }: Block): readonly string[] =>
  language === 'text' ? [...code.matchAll(/^npm install (.*)$/gm)].flatMap(([, words]) => words!.split(' ')) : [];

describe('blocks of JavaScript', () => {
  const scripts = blocks().filter(({ language }) => language === 'js');

  test.each(scripts.map((block) => [block.title, block] as const))('%s is a module as it stands', (_, block) => {
    expect(() => parseAst(block.code)).not.toThrow();
  });
});

describe.each(readmes)('%s', (readme) => {
  const own = blocksOf(readme);

  test('a block is TypeScript for the sake of its types', () => {
    const typed = own.filter(({ language }) => language === 'ts');
    expect(
      typed.filter(isJavaScript).map(({ title }) => title),
      'write js',
    ).toEqual([]);
    expect(typed.filter(({ title }) => !TYPES_ARE_THE_SUBJECT.includes(title)).map(({ title }) => title)).toEqual([]);
  });
});

describe.each(readmes.filter((path) => path !== 'README.md'))('%s', (readme) => {
  const own = blocksOf(readme);
  const { name } = JSON.parse(read(readme.replace('README.md', 'package.json'))) as { name: string };

  test('begins with what to install', () => {
    expect(read(readme).split('\n').slice(0, 3)).toEqual([`# ${name}`, '', '```text']);
    expect(installed(own[0]!)).toContain(name);
  });

  test('says beforehand of every package that its first example imports that it is to be installed', () => {
    const first = own.findIndex(({ language }) => language === 'js');
    const said = own.slice(0, first).flatMap(installed);
    expect(said).toEqual(expect.arrayContaining([...imported(own[first]!)]));
  });

  test('says it somewhere of what the others import', () => {
    const used = own.filter(({ language }) => language === 'js' || language === 'ts').flatMap(imported);
    const said = own.flatMap(installed);
    expect([...new Set(used)].filter((each) => !said.includes(each))).toEqual([]);
  });
});
