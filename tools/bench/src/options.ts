import { parseArgs } from 'node:util';
import { titleOf, works } from './works.ts';

export const COLD = 'cold';
export const PAGE = 'page';

export interface Options {
  readonly quick: boolean;
  readonly json: boolean;
  readonly write: boolean;
  readonly help: boolean;
  /** The rows to run. */
  readonly rows: readonly string[];
  /** Parts of the names of those who take part; undefined: all. */
  readonly contestants: readonly string[] | undefined;
  /** The commit whose backends are timed beside this one's, and nobody else; undefined: none. */
  readonly against: string | undefined;
}

const rowList: readonly (readonly [string, string])[] = [
  ...works.map((work) => [work.id, titleOf(work)] as const),
  [COLD, 'import to first result in a fresh process'],
  [PAGE, 'bytes that a page loads'],
];

export const help: string = `npm run bench -- [options]

Times every backend of this workspace and its peers on the same work, in turns, each in its own process, one thread each.
Results are compared before anything is timed.

  --quick       all rows but the longest, measured shorter: under two minutes
  --only <row>  one row; may be given several times
  --contestant <part of a name>
                who takes part, e.g. webgpu; may be given several times
  --against <commit>
                the backends of that commit and of this one in pairs, without peers; fails where a row is slower
  --json        prints everything as JSON instead of tables
  --write       writes docs/benchmarks.md; a run of all rows with everyone does so anyway
  --help        this text

Rows:
${rowList.map(([id, title]) => `  ${id.padEnd(24)}${title}`).join('\n')}
`;

/** Reads the command line; says what is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      contestant: { type: 'string', multiple: true },
      against: { type: 'string' },
    },
  });
  const { only, contestant, against, ...flags } = values;
  if (against !== undefined && flags.write) {
    throw new Error('--write writes the page of all contestants, and --against has none: leave one of them out.');
  }
  const ids = rowList.map(([id]) => id);
  const unknown = only?.find((id) => !ids.includes(id));
  if (unknown !== undefined) throw new Error(`There is no row '${unknown}'. The rows are ${ids.join(', ')}.`);
  const long = new Set(works.filter((work) => work.long).map(({ id }) => id));
  const rows = only ?? ids.filter((id) => !(flags.quick && long.has(id)));
  const everything = !flags.quick && [only, contestant, against].every((each) => each === undefined);
  return { ...flags, rows, contestants: contestant, against, write: flags.write || everything };
}
