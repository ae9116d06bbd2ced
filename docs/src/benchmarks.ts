/** One contestant of a comparison. */
export interface Bar {
  readonly name: string;
  /** In microseconds or in kilobytes: for its length. */
  readonly value: number;
  /** As the table has it, with its unit. */
  readonly text: string;
  readonly isOurs: boolean;
}

/** A table of docs/benchmarks.md as bars, from the shortest on. */
export interface Comparison {
  readonly title: string;
  /** What the heading of its table is. */
  readonly of: string;
  readonly bars: readonly Bar[];
}

/** How the names of this repository's packages begin. */
export const OURS = '@congruent/';

/** What is drawn: title, heading of the table, and the column of its figures. */
const COMPARISONS = [
  ['Time of one streamed step', 'GRU, one streamed step, I=64 H=128', 'median'],
  ['Time of a forward and a backward pass', 'GRU, forward and backward, B=32 T=50 I=128 H=256', 'median'],
  ['Bytes that a page loads', 'Bytes that a page loads', 'together'],
] as const;

const MICROSECONDS_OR_KILOBYTES: Readonly<Record<string, number>> = { ns: 1e-3, µs: 1, ms: 1e3, s: 1e6, kB: 1 };

/** What the site draws of docs/benchmarks.md, which `npm run bench` writes. */
export const comparisonsIn = (markdown: string): readonly Comparison[] =>
  COMPARISONS.map(([title, of, column]) => {
    const [header, , ...rows] = tableBelow(markdown, of);
    const at = header!.indexOf(column);
    const bars = rows.map((cells) => bar(cells[0]!, cells[at]!));
    // Relaxed arithmetic is a way to run a backend, not another one.
    return { title, of, bars: bars.filter(({ name }) => !name.endsWith(', relaxed')) };
  });

/** The cells of the first table below a heading. */
function tableBelow(markdown: string, heading: string): readonly (readonly string[])[] {
  const [, section] = markdown.split(`\n## ${heading}\n`) as [string, string | undefined];
  const table = /(?:^\|.*\n)+/m.exec(section ?? '')?.[0];
  if (!table) throw new Error(`docs/benchmarks.md has no table below "${heading}".`);
  return table
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

function bar(name: string, text: string): Bar {
  const [number, unit] = text.split(' ') as [string, string];
  const value = Number(number.replaceAll(',', '')) * MICROSECONDS_OR_KILOBYTES[unit]!;
  if (!Number.isFinite(value))
    throw new Error(`docs/benchmarks.md has the figure "${text}", which is no time or size.`);
  return { name, value, text, isOurs: name.startsWith(OURS) };
}
