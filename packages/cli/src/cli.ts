import { parseArgs } from 'node:util';
import type { Cell } from '@congruent/spec';
import { namesFile, namesOf, readCells } from './cells/cell-file.ts';
import { catalogue, cells } from './cells/cells.ts';
import type { GenerateReport } from './generate/repository.ts';
import { show, views } from './show.ts';

const HELP = `congruent: recurrent cells from equations to kernels

  congruent generate FILE --backend NAME --out DIR [--check]
                                   write classes for the cells that FILE exports, to run on a backend: wasm is the package
                                   @congruent/wasm, or a package by its own name. FILE#CELL is one of them
  congruent generate [--backend NAME] [--root DIR] [--check]
                                   in the repository of congruent: write src/generated of one backend, or of every one
  congruent export FILE --cell CELL --target wasm|c --name NAME --out DIR
                   [--prefix P] [--no-simd] [--training]
                                   write a model, the weights of a .safetensors file in it: as a WebAssembly module with
                                   its wrapper, or as a header of C. CELL is one of those below, or FILE#CELL
  congruent show CELL [VIEW ...]   print a cell: one of those below, FILE#CELL, or FILE where it exports one

--prefix: what stands before the layer's names in the file, where it has several layers
--no-simd: for engines without vectors; same bits
--training: with the backward step, where the target has one
--check: change nothing, exit 1 if anything would change
FILE: a module of TypeScript or JavaScript that exports what cell\`…\` or defineCell('…') of @congruent/spec gives

views (default --equations):
  --equations   the specification
  --ir          the equations as the compiler sees them, with every shape
  --schedule    what is computed when
  --plan        where every value lies, for a backend that asks for nothing in particular
  --functions   the functions the cell calls, as basic operations in float32
  --latex       the equations in LaTeX
  --adjoint     the backward pass, derived from the equations: its schedule; with --plan, its plan; with --latex,
                its equations in LaTeX

cells: ${namesOf(cells)}, and those of @congruent/spec/catalogue
exit codes: 0 done, 1 generated files are out of date, or it failed, 2 wrong usage`;

/** What a word may be where a cell is asked for. */
const KNOWN = `${namesOf(cells)}; or of the catalogue: ${namesOf(catalogue)}; or of a file: FILE#CELL`;

/** Wrong words on the command line. */
class UsageError extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'generate':
      return runGenerate(rest);
    case 'export':
      return runExport(rest);
    case 'show':
      return runShow(rest);
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      console.log(HELP);
      return command === undefined ? 2 : 0;
    default:
      throw new UsageError(`there is no command ${command}`);
  }
}

async function runGenerate(args: readonly string[]): Promise<number> {
  const options = {
    backend: { type: 'string' },
    check: { type: 'boolean', default: false },
    out: { type: 'string' },
    root: { type: 'string' },
  } as const;
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  const { backend, check, out, root } = values;
  const [file, ...more] = positionals;
  const reports =
    file === undefined
      ? await generateRepository(backend, check, out, root)
      : [await generateFile([file, ...more], backend, check, out, root)];
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
  const { findEmitters, generate } = await import('./generate/repository.ts');
  return generate(root, await findEmitters(root, backend), cells, check);
}

async function generateFile(
  files: readonly string[],
  backend: string | undefined,
  check: boolean,
  out: string | undefined,
  root: string | undefined,
): Promise<GenerateReport> {
  if (files.length > 1) throw new UsageError(`generate takes one file of cells, got ${files.join(' ')}`);
  if (root !== undefined) throw new UsageError('--root is for generating without a file');
  if (backend === undefined) throw new UsageError('generate FILE needs a backend, e.g. --backend wasm');
  if (out === undefined)
    throw new UsageError('generate FILE needs a folder for what it writes, e.g. --out src/generated');
  const { generateClasses } = await import('./generate/own-cells.ts');
  return generateClasses(await readCells(files[0]!), backend, out, check);
}

async function runExport(args: readonly string[]): Promise<number> {
  const options = {
    cell: { type: 'string' },
    prefix: { type: 'string', default: '' },
    target: { type: 'string' },
    name: { type: 'string' },
    out: { type: 'string' },
    'no-simd': { type: 'boolean', default: false },
    training: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  if (positionals.length !== 1) {
    throw new UsageError(`export takes one file of weights, got ${positionals.join(' ') || 'none'}`);
  }
  const { prefix, training, 'no-simd': noSimd } = values;
  const required = (option: 'cell' | 'target' | 'name' | 'out'): string => {
    const value = values[option];
    if (value === undefined) throw new UsageError(`export needs --${option}`);
    return value;
  };
  const [word, target, name, out] = [required('cell'), required('target'), required('name'), required('out')];
  const cell = await cellNamed(word);
  if (!cell) throw new UsageError(`there is no cell ${word}. There are: ${KNOWN}`);
  const { exportModel, targets } = await import('./export/export.ts');
  if (!targets.includes(target)) throw new UsageError(`there is no target ${target}. There are: ${targets.join(', ')}`);
  const command = ['npx congruent export', ...args.map(quoted)].join(' ');
  const lines = await exportModel(positionals[0]!, cell, {
    prefix,
    target,
    name,
    out,
    command,
    simd: !noSimd,
    training,
  });
  for (const line of lines) console.log(line);
  return 0;
}

/** A word of the command line as it is written in one line. */
const quoted = (word: string): string => (/^[\w@%+=:,./#-]+$/.test(word) ? word : JSON.stringify(word));

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

async function runShow(args: readonly string[]): Promise<number> {
  const options = Object.fromEntries([...views, 'adjoint'].map((name) => [name, { type: 'boolean' } as const]));
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  const [word, ...more] = positionals;
  const cell = more.length > 0 || word === undefined ? undefined : await cellNamed(word);
  if (!cell) {
    throw new UsageError(`show takes one cell of: ${KNOWN}`);
  }
  const asked = views.filter((name) => values[name]);
  console.log(show(cell, asked, values['adjoint'] === true));
  return 0;
}

async function cellNamed(word: string): Promise<Cell | undefined> {
  if (!namesFile(word)) return [...cells, ...catalogue].find(({ name }) => name === word);
  const [cell, ...others] = (await readCells(word)).cells;
  if (others.length === 0) return cell;
  throw new UsageError(`${word} exports ${namesOf([cell!, ...others])}. Name one of them: ${word}#${cell!.name}`);
}

/** Runs a parser of arguments; what it objects to is a usage error. */
function parse<T>(parser: () => T): T {
  try {
    return parser();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError;
  console.error(`congruent: ${error instanceof Error ? error.message : error}`);
  if (usage) console.error('Try: congruent --help');
  process.exitCode = usage ? 2 : 1;
}
