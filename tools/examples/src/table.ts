import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './documents.ts';

/** The cells of a table, the head first. */
export type Table = readonly (readonly string[])[];

/** A table in a document, between `<!-- name -->` and `<!-- /name -->`. */
export interface Place {
  readonly document: string;
  readonly name: string;
}

const marked = (name: string): RegExp => new RegExp(`(<!-- ${name} -->\n)([\\s\\S]*?)(<!-- /${name} -->)`);

export function readTable({ document, name }: Place): Table {
  const lines = marked(name)
    .exec(readFileSync(join(root, document), 'utf8'))![2]!
    .trim()
    .split('\n');
  return lines.filter((_, index) => index !== 1).map((line) => line.slice(2, -2).split(' | '));
}

export function writeTable({ document, name }: Place, [head, ...rows]: Table): void {
  const path = join(root, document);
  const lines = [head!, head!.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
  writeFileSync(path, readFileSync(path, 'utf8').replace(marked(name), `$1${lines}$3`));
  console.log(`${document}:\n\n${lines}`);
}
