import { writeFile } from 'node:fs/promises';
import { compare } from './against/compare.ts';
import { GitError } from './against/git.ts';
import { comparisonText, failures } from './against/report.ts';
import { Stopped, withSides } from './against/sides.ts';
import { candidates } from './contestants.ts';
import { installPeers } from './install.ts';
import { machine } from './machine.ts';
import { markdown } from './markdown.ts';
import { help, type Options, readOptions } from './options.ts';
import { ratioCells, ratios } from './ratios.ts';
import { runRows } from './run.ts';
import { columns } from './table.ts';

const docs = new URL('../../../docs/benchmarks.md', import.meta.url);

let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${help}`);
  process.exitCode = 2;
}

if (options?.help) console.log(help);
else if (options?.against !== undefined) await benchAgainst(options.against, options);
else if (options) await bench(options);

async function bench(options: Options): Promise<void> {
  if ((await candidates(options.contestants)).some(({ packageName }) => packageName)) installPeers();
  const report = { machine: machine(), ...(await runRows(options)) };
  const compared = ratios(report);
  if (options.json) console.log(JSON.stringify(report, undefined, 2));
  else if (compared.length > 0) console.log(`\nwhat is aimed at\n${columns(ratioCells(compared))}`);
  if (options.write) {
    await writeFile(docs, markdown(report));
    console.error('Wrote docs/benchmarks.md.');
  }
  fail(report.problems);
}

async function benchAgainst(commit: string, options: Options): Promise<void> {
  try {
    const comparison = await withSides(commit, (sides) => compare(options, sides));
    console.log(options.json ? JSON.stringify(comparison, undefined, 2) : comparisonText(comparison));
    fail(failures(comparison));
  } catch (error) {
    if (error instanceof Stopped) process.exit(error.exitCode);
    if (!(error instanceof GitError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

function fail(problems: readonly string[]): void {
  if (problems.length === 0) return;
  console.error(`\n${problems.join('\n')}`);
  process.exitCode = 1;
}
