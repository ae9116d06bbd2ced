import { writeFile } from 'node:fs/promises';
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
  if (report.problems.length > 0) {
    console.error(`\n${report.problems.join('\n')}`);
    process.exitCode = 1;
  }
}
