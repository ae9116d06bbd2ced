import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ifAvailable } from '@congruent/conformance';
import type { BackendInfo } from '@congruent/runtime';
import { build } from 'vite';
import { read, root } from './documents.ts';
import { type Place, type Table, writeTable } from './table.ts';

/** A backend package as the README's table shows it. */
export interface Backend {
  readonly package: string;
  readonly supports: Readonly<Record<string, boolean>>;
  /** The line `**Needs:** …` of its README. */
  readonly needs: string;
}

/** The backends: every package that has an emitter; those that this machine cannot have are left out, with a word about it. */
export async function findBackends(): Promise<readonly Backend[]> {
  const folders = readdirSync(join(root, 'packages')).filter((folder) =>
    readdirSync(join(root, 'packages', folder)).includes('codegen'),
  );
  const found = await Promise.all(
    folders.sort().map(async (folder): Promise<readonly Backend[]> => {
      const { name } = JSON.parse(read(`packages/${folder}/package.json`)) as { name: string };
      const imported = await ifAvailable<{ backend: BackendInfo }>(
        () => import(/* @vite-ignore */ join(root, 'packages', folder, 'src/index.ts')),
      );
      if ('unavailable' in imported) {
        console.warn(`Not on this machine: ${imported.unavailable}`);
        return [];
      }
      const { backend } = imported.module;
      const needs = /^\*\*Needs:\*\* (.*)$/m.exec(read(`packages/${folder}/README.md`))?.[1];
      if (needs === undefined) throw new Error(`packages/${folder}/README.md has no line **Needs:** …`);
      const { relaxed: _, ...supports } = backend.supports; // depends on the engine that asks
      return [{ package: name, supports, needs }];
    }),
  );
  return found.flat();
}

/** The size of everything that a package exports, bundled for the web with all it depends on, in kB. */
export async function bundleSize(name: string): Promise<{ readonly minified: number; readonly gzip: number }> {
  const folder = join(root, 'tools/examples/dist');
  const entry = join(folder, 'bundle.js');
  mkdirSync(folder, { recursive: true });
  writeFileSync(entry, `export * from '${name}';\n`);
  try {
    const output = await build({
      root: join(root, 'tools/examples'),
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: ['@congruent/source'] },
      build: {
        write: false,
        target: 'es2022',
        modulePreload: false,
        rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' },
      },
    });
    const chunks = [output].flat().flatMap((result) => ('output' in result ? result.output : []));
    const bytes = Buffer.concat(chunks.map((chunk) => Buffer.from('code' in chunk ? chunk.code : chunk.source)));
    return { minified: bytes.length / 1000, gzip: gzipSync(bytes, { level: 9 }).length / 1000 };
  } finally {
    rmSync(entry);
  }
}

/** The table's columns that follow from the packages themselves. */
export function supportsTable(backends: readonly Backend[]): Table {
  const keys = [...new Set(backends.flatMap(({ supports }) => Object.keys(supports)))];
  const rows = backends.map(({ package: name, supports, needs }) => [
    `\`${name}\``,
    ...keys.map((key) => (supports[key] ? 'yes' : 'no')),
    needs,
  ]);
  return [['package', ...keys.map((key) => `\`${key}\``), 'needs'], ...rows];
}

/** Where the table stands. */
export const place: Place = { document: 'README.md', name: 'backends' };

/** Rewrites the table in the README. */
export async function main(): Promise<void> {
  const backends = await findBackends();
  const sizes: { readonly minified: number; readonly gzip: number }[] = [];
  for (const { package: name } of backends) sizes.push(await bundleSize(name));
  const columns = ['minified', 'gzip'] as const;
  const rows = supportsTable(backends).map((row, index) => [
    ...row,
    ...columns.map((column) => (index === 0 ? column : `${sizes[index - 1]![column].toFixed(1)} kB`)),
  ]);
  writeTable(place, rows);
}
