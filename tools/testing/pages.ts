import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';

/** A bundled and minified program: the files that a page loads before it runs, and what the program exports. */
export interface Page {
  readonly texts: readonly string[];
  /** Of all these files after gzip. */
  readonly bytes: number;
  readonly exports: Readonly<Record<string, unknown>>;
}

const BUNDLERS = { esbuild: withEsbuild, Vite: withVite } as const;

export const bundlers = Object.keys(BUNDLERS) as (keyof typeof BUNDLERS)[];

/** Below a package, so that what the program imports is found as from there. */
const folderIn = (root: string): Promise<string> => mkdtemp(join(root, 'node_modules-bundle-'));

/**
 * Bundles a program for the web as applications do, and runs it.
 *
 * @param root        the folder of the package whose dependencies it has
 * @param conditions  of the packages' exports: `@congruent/source` for sources, none for what is published
 */
export async function pageOf(
  bundler: keyof typeof BUNDLERS,
  root: string,
  code: string,
  conditions: readonly string[] = ['@congruent/source'],
): Promise<Page> {
  const own = await folderIn(root);
  try {
    await writeFile(join(own, 'entry.js'), code);
    await mkdir(join(own, 'bundle'));
    const files = await BUNDLERS[bundler](own, conditions);
    const texts = await Promise.all(files.map((file) => readFile(join(own, 'bundle', file), 'utf8')));
    const bytes = texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
    return { texts, bytes, exports: await import(/* @vite-ignore */ join(own, 'bundle', 'entry.mjs')) };
  } finally {
    await rm(own, { recursive: true });
  }
}

async function withEsbuild(own: string, conditions: readonly string[]): Promise<readonly string[]> {
  const outdir = join(own, 'bundle');
  const { metafile } = await esbuild({
    absWorkingDir: outdir,
    entryPoints: [join(own, 'entry.js')],
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    metafile: true,
    conditions: [...conditions],
    outExtension: { '.js': '.mjs' },
  });
  return staticFiles('entry.mjs', (path) =>
    metafile.outputs[path]!.imports.filter(({ kind }) => kind === 'import-statement').map((each) => each.path),
  );
}

async function withVite(own: string, conditions: readonly string[]): Promise<readonly string[]> {
  const built = await vite({
    configFile: false,
    logLevel: 'silent',
    root: own,
    ...(conditions.length > 0 && { resolve: { conditions: [...conditions] } }),
    build: {
      outDir: 'bundle',
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rollupOptions: {
        input: join(own, 'entry.js'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'entry.mjs' },
      },
    },
  });
  const { output } = built as { output: { fileName: string; imports: string[] }[] };
  const importsOf = new Map(output.map(({ fileName, imports }) => [fileName, imports]));
  return staticFiles('entry.mjs', (name) => importsOf.get(name)!);
}

/** A file and all that it imports statically. */
function staticFiles(first: string, importsOf: (path: string) => readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const imported of importsOf(path)) visit(imported);
  };
  visit(first);
  return [...found];
}
