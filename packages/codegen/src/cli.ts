import { parseArgs } from 'node:util';
import { type Cell, gru } from '@congruent/spec';
import { compile, type Program } from './compile.ts';
import { findEmitters, generate } from './generate.ts';
import { printAdjointLatex, printLatex } from './latex.ts';
import { printAdjoint, printCell, printFunction, printSchedule } from './print.ts';

const HELP = `congruent: recurrent cells from equations to kernels

  congruent generate [--backend NAME] [--check] [--root DIR]
                                   write one backend's src/generated from the specification, or every one's
                                   (--check: change nothing, exit 1 if anything would change)
  congruent show CELL [VIEW ...]   print a cell

views (default --equations):
  --equations   the specification
  --ir          the equations as the compiler sees them, with every shape
  --schedule    what is computed when
  --functions   the functions the cell calls, as basic operations in float32
  --adjoint     the backward pass, derived from the equations: what is kept, what is computed when
  --latex       the equations in LaTeX; with --adjoint, those of the backward pass

cells: CELLS
exit codes: 0 done, 1 generated files are out of date or generation failed, 2 wrong usage`;

const CELLS: ReadonlyMap<string, Cell> = new Map([[gru.name, gru]]);

const VIEWS = {
  equations: ({ cell }: Program) => cell.source,
  ir: ({ ir }: Program) => printCell(ir),
  schedule: ({ schedule }: Program) => printSchedule(schedule),
  functions: ({ functions }: Program) => functions.float32.map(printFunction).join('\n\n'),
  adjoint: ({ adjoint }: Program) => printAdjoint(adjoint),
  latex: ({ ir }: Program) => printLatex(ir),
} as const;

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
      console.log(HELP.replace('CELLS', [...CELLS.keys()].join(', ')));
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
  const { values } = parse(() => parseArgs({ args: [...args], options }));
  let changes = 0;
  for (const emitter of await findEmitters(values.root, values.backend)) {
    const { backend, files } = await generate(values.root, emitter, [...CELLS.values()], values.check);
    const changed = files.filter(({ status }) => status !== 'unchanged').length;
    changes += changed;
    console.log(`${backend}: ${changed === 0 ? 'nothing changed' : `${changed} of ${files.length} files changed`}`);
    for (const { path, bytes, status } of files) console.log(`  ${path}  ${bytes} bytes  ${status}`);
  }
  return values.check && changes > 0 ? 1 : 0;
}

function runShow(args: readonly string[]): number {
  const names = Object.keys(VIEWS) as (keyof typeof VIEWS)[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'boolean' } as const]));
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  const cell = CELLS.get(positionals[0] ?? '');
  if (!cell || positionals.length > 1) throw new UsageError(`show takes one cell of: ${[...CELLS.keys()].join(', ')}`);
  const program = compile(cell);
  const asked = names.filter((name) => values[name]);
  console.log(viewsOf(program, asked.length > 0 ? asked : ['equations']).join('\n\n'));
  return 0;
}

function viewsOf(program: Program, asked: readonly (keyof typeof VIEWS)[]): readonly string[] {
  if (!asked.includes('adjoint') || !asked.includes('latex')) return asked.map((view) => VIEWS[view](program));
  const others = asked.filter((view) => view !== 'adjoint' && view !== 'latex');
  return [...others.map((view) => VIEWS[view](program)), printAdjointLatex(program.adjoint)];
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
