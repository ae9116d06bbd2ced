import { supervise, type Tried } from './engine/supervise.ts';
import type { Failure } from './engine/worker.ts';
import { type Options, readOptions } from './options.ts';
import { failureText, tableOf } from './report.ts';
import { surfaces } from './surfaces/surfaces.ts';
import { count } from './table.ts';

const names = surfaces.map(({ name }) => name);

const help = `npm run fuzz -- [options]

Gives hostile inputs to everything that takes any, in turns, and counts what came of them. What breaks a promise of
docs/reliability.md is printed with the smallest such input found, and the line that tries it again.

  --seconds <n>    how long. Default: 60
  --seed <n>       what inputs follow from. Default: another each time
  --only <name>    one of the surfaces below; may be given several times
  --path <path>    of one surface the input that a failure printed
  --help           this text

Surfaces: ${names.join(', ')}
`;

/** The part of the time that is spent where all intrinsics are frozen. */
const FROZEN = 0.15;

async function fuzz({ seconds, seed, path, only }: Options): Promise<boolean> {
  const module = new URL('./surfaces.js', import.meta.url).href;
  const pass = async (frozen: boolean, share: number): Promise<Tried> => {
    const task = { module, only, frozen, seed, path, milliseconds: share * seconds * 1000 };
    const tried = await supervise(task, undefined, progress);
    process.stderr.write(process.stderr.isTTY ? '\r\x1b[K' : '');
    if (tried.tallies.size > 0) console.log(`${frozen ? '\nwith frozen intrinsics\n' : ''}${tableOf(tried)}`);
    for (const failure of tried.failures) console.log(failureText(withInput(failure)));
    return tried;
  };
  console.log(`seed ${seed}, ${seconds} s\n`);
  const frozen = surfaces.some((each) => each.frozen && (only?.includes(each.name) ?? true));
  const share = frozen ? FROZEN : 0;
  const passes = [await pass(false, 1 - share), ...(frozen ? [await pass(true, share)] : [])];
  const tried = passes.flatMap(({ tallies }) => [...tallies.values()]).reduce((sum, each) => sum + each.tried, 0);
  const failures = passes.flatMap((each) => each.failures);
  console.log(`\n${count(tried)} inputs, ${failures.length === 0 ? 'none' : failures.length} of them failed`);
  return failures.length === 0;
}

/** A thread that had to be ended does not say what it was given. */
const withInput = (failure: Failure): Failure => ({
  ...failure,
  input: failure.input ?? surfaces.find(({ name }) => name === failure.surface)!.inputAt(failure.seed, failure.path),
});

/** On a terminal, how far it is. */
function progress({ tallies }: Tried): void {
  if (!process.stderr.isTTY) return;
  const tried = [...tallies.values()].reduce((sum, each) => sum + each.tried, 0);
  process.stderr.write(`\r${count(tried)} inputs`);
}

try {
  const options = readOptions(process.argv.slice(2), names);
  if (options.help) console.log(help);
  else if (!(await fuzz(options))) process.exitCode = 1;
} catch (error) {
  console.error(`${(error as Error).message}\n\n${help}`);
  process.exitCode = 2;
}
