import { fork } from 'node:child_process';
import { availableBackends } from './backends.ts';
import { type Options, readOptions } from './options.ts';
import type { Watched } from './soak/flat.ts';
import { sharesOf, suits, works } from './soak/works.ts';
import { columns, count } from './table.ts';

const names = Object.keys(works);

const help = `npm run soak -- [options]

Does on every backend over and over what services, pages and training scripts do, and measures what memory is alive in
between. Fails where a result is wrong, or something grows; says so where too little was done to tell.

  --seconds <n>    how long, all together. Default: 60
  --only <name>    one of the works below; may be given several times
  --help           this text

Works: ${names.join(', ')}
`;

interface Result {
  readonly work: string;
  readonly backend: string;
  readonly watched?: Watched;
  readonly problem?: string;
}

/** Milliseconds that a process takes to begin, which is no part of its share; and the least that a share is. */
const [START, LEAST] = [700, 300];

async function soak({ seconds, only }: Options): Promise<boolean> {
  const backends = await availableBackends();
  const pairs = names
    .filter((work) => only?.includes(work) ?? true)
    .flatMap((work) => backends.filter((each) => suits(work, each)).map(({ name }) => ({ work, backend: name })));
  const end = performance.now() + seconds * 1000;
  const results: Result[] = [];
  for (const [i, { work, backend }] of pairs.entries()) {
    const left = pairs.slice(i).reduce((sum, each) => sum + sharesOf(each.work), 0);
    const time = end - performance.now() - START * (pairs.length - i);
    const share = Math.max(LEAST, (time * sharesOf(work)) / left);
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${work} on ${backend}`);
    results.push(await inProcess(work, backend, share));
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  console.log(tableOf(results));
  const failed = results.filter(({ watched, problem }) => problem !== undefined || watched!.growing.length > 0);
  for (const { work, backend, watched, problem } of failed) {
    console.log(`\nFAILED: ${work} on ${backend}: ${problem ?? `${watched!.growing.join(' and ')} grows`}`);
    console.log(`again: npm run soak -- --only ${work}`);
  }
  const few = results.filter(({ watched }) => watched?.tooFew);
  if (few.length > 0)
    console.log(`\n${few.length} of ${results.length} did too little to tell: give --seconds, or --only`);
  return failed.length === 0;
}

function inProcess(work: string, backend: string, milliseconds: number): Promise<Result> {
  return new Promise((resolve) => {
    const child = fork(new URL('./child.js', import.meta.url), [work, backend, `${milliseconds}`], { silent: true });
    let said = '';
    let watched: Watched | undefined;
    child.stderr!.on('data', (data) => {
      said += data;
    });
    child.on('message', (message) => {
      watched = message as Watched;
    });
    child.on('close', (code) =>
      resolve(watched ? { work, backend, watched } : { work, backend, problem: `exit ${code}\n${said}` }),
    );
  });
}

/** For each kind of memory the most that a unit may leave behind, as far as was seen. */
function tableOf(results: readonly Result[]): string {
  const rows = results.flatMap(({ work, backend, watched }) => {
    if (!watched) return [];
    const { units, unit, slopes, tooFew } = watched;
    const most = [slopes.heap, slopes.arrays, slopes.wasm].map(({ upper }) => bytes(upper));
    const what = `bytes at most for each ${unit}${tooFew ? ': too few to tell' : ''}`;
    return [[`${work}, ${backend}`, count(units), ...most, what]];
  });
  return columns([['', 'done', 'heap', 'arrays', 'wasm', ''], ...rows]);
}

const bytes = (value: number): string =>
  Math.abs(value) >= 100 ? count(Math.round(value)) : value.toFixed(2).replace(/^-?0\.00$/, '0');

try {
  const options = readOptions(process.argv.slice(2), names);
  if (options.help) console.log(help);
  else if (!(await soak(options))) process.exitCode = 1;
} catch (error) {
  console.error(`${(error as Error).message}\n\n${help}`);
  process.exitCode = 2;
}
