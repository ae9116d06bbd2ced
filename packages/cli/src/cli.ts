import { parseArgs } from 'node:util';
import type { Cell } from '@congruent/spec';
import { catalogue, cells } from './cells.ts';
import { show, views } from './show.ts';

const namesOf = (cells: readonly Cell[]): string => cells.map(({ name }) => name).join(', ');

const HELP = `congruent: recurrent cells from equations to kernels

  congruent generate [--backend NAME] [--check] [--root DIR]
                                   write one backend's src/generated from the specification, or every one's
                                   (--check: change nothing, exit 1 if anything would change)
  congruent show CELL [VIEW ...]   print a cell

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
exit codes: 0 done, 1 generated files are out of date or generation failed, 2 wrong usage`;

/** Wrong words on the command line. */
class UsageError extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'generate':
      return runGenerate(rest);
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
    root: { type: 'string', default: '.' },
  } as const;
  const { root, backend, check } = parse(() => parseArgs({ args: [...args], options })).values;
  // Not above: `show` would wait for ts-morph and binaryen.
  const { findEmitters, generate } = await import('./generate.ts');
  let changes = 0;
  for (const { backend: name, files } of await generate(root, await findEmitters(root, backend), cells, check)) {
    const changed = files.filter(({ status }) => status !== 'unchanged').length;
    changes += changed;
    console.log(`${name}: ${changed === 0 ? 'nothing changed' : `${changed} of ${files.length} files changed`}`);
    for (const { path, bytes, status } of files) console.log(`  ${path}  ${bytes} bytes  ${status}`);
  }
  return check && changes > 0 ? 1 : 0;
}

function runShow(args: readonly string[]): number {
  const options = Object.fromEntries([...views, 'adjoint'].map((name) => [name, { type: 'boolean' } as const]));
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  const cell = [...cells, ...catalogue].find(({ name }) => name === positionals[0]);
  if (!cell || positionals.length > 1) {
    throw new UsageError(`show takes one cell of: ${namesOf(cells)}; or of the catalogue: ${namesOf(catalogue)}`);
  }
  const asked = views.filter((name) => values[name]);
  console.log(show(cell, asked, values['adjoint'] === true));
  return 0;
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
