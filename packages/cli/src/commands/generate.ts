import { readCells } from '../cells/cell-file.ts';
import { cells } from '../cells/cells.ts';
import type { GenerateReport } from '../generate/repository.ts';
import { only, parsed, UsageError } from './usage.ts';

/** `congruent generate`: classes of users' cells, or the generated code of this repository. */
export async function runGenerate(args: readonly string[]): Promise<number> {
  const options = {
    backend: { type: 'string' },
    check: { type: 'boolean', default: false },
    files: { type: 'string' },
    out: { type: 'string' },
    root: { type: 'string' },
  } as const;
  const { values, positionals } = parsed({ args: [...args], options, allowPositionals: true });
  const { backend, check, files, out, root } = values;
  const reports =
    positionals.length === 0
      ? await generateRepository(backend, check, out, root)
      : [await generateFile(positionals, files, backend, check, out, root)];
  return print(reports) > 0 && check ? 1 : 0;
}

async function generateRepository(
  backend: string | undefined,
  check: boolean,
  out: string | undefined,
  root = '.',
): Promise<readonly GenerateReport[]> {
  if (out !== undefined) throw new UsageError('--out goes with a file of cells: congruent generate FILE --out DIR');
  // Not above: `show` would wait for ts-morph and binaryen.
  const { findEmitters, generate } = await import('../generate/repository.ts');
  return generate(root, await findEmitters(root, backend), cells, check);
}

async function generateFile(
  words: readonly string[],
  files: string | undefined,
  backend: string | undefined,
  check: boolean,
  out: string | undefined,
  root: string | undefined,
): Promise<GenerateReport> {
  const reference = only('generate', 'one file of cells', words);
  if (root !== undefined) throw new UsageError('--root is for generating without a file');
  if (backend === undefined) throw new UsageError('generate FILE needs a backend, e.g. --backend wasm');
  if (out === undefined)
    throw new UsageError('generate FILE needs a folder for what it writes, e.g. --out src/generated');
  const { generateClasses } = await import('../generate/own-cells.ts');
  return generateClasses(await readCells(reference, files), backend, out, check);
}

/** Prints what was done; returns how many files changed. */
function print(reports: readonly GenerateReport[]): number {
  let changes = 0;
  for (const { backend: name, files } of reports) {
    const changed = files.filter(({ status }) => status !== 'unchanged').length;
    changes += changed;
    console.log(`${name}: ${changed === 0 ? 'nothing changed' : `${changed} of ${files.length} files changed`}`);
    for (const { path, bytes, status } of files) console.log(`  ${path}  ${bytes} bytes  ${status}`);
  }
  return changes;
}
