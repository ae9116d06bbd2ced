import { C_NAME } from './c-reference.ts';
import { gigaflops } from './limits.ts';
import { COMPARISONS, mapParts } from './parts.ts';
import type { ColdRow, PageRow, TimedRow } from './report.ts';
import type { Residuals } from './residuals.ts';
import { titleOf, type Work } from './works.ts';

export type Cells = readonly (readonly string[])[];

/** Time as a reader wants it: three digits, in a unit that needs no zeros. */
export function duration(microseconds: number): string {
  if (microseconds >= 1e6) return `${(microseconds / 1e6).toPrecision(3)} s`;
  if (microseconds >= 1e3) return `${significant(microseconds / 1e3)} ms`;
  return microseconds >= 1 ? `${significant(microseconds)} µs` : `${Math.round(microseconds * 1000)} ns`;
}

/** Three digits, never as a power of ten. */
export const significant = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

export const kilobytes = (bytes: number): string => `${significant(bytes / 1000)} kB`;

/** Contestants of a work from fastest to slowest, with their times and how many times longer they take than others. */
export function workCells({ work, times }: TimedRow): Cells {
  const sorted = [...times].sort((a, b) => a.microseconds.median - b.microseconds.median);
  const c = times.find(({ name }) => name === C_NAME)?.microseconds.median;
  const [first] = sorted;
  const header = ['', 'median', 'quartiles', 'turns', 'GFLOP/s', '× fastest', ...(c ? [`× ${C_NAME}`] : [])];
  const rows = sorted.map(({ name, microseconds: { median, lower, upper, count } }) => [
    name,
    duration(median),
    `${duration(lower)} – ${duration(upper)}`,
    `${count}`,
    significant(gigaflops(work, median)),
    significant(median / first!.microseconds.median),
    ...(c ? [significant(median / c)] : []),
  ]);
  return [header, ...rows];
}

/** Contestants whose parts were timed apart, and how long they take beside each other. */
export function partCells({ work, times }: TimedRow): Cells {
  const { column, ratio } = COMPARISONS[work.kind];
  const apart = times.flatMap(({ name, microseconds: { median }, parts }) =>
    parts ? [{ name, median, parts: mapParts(parts, (part) => part.median) }] : [],
  );
  const [first] = apart;
  if (!first) return [];
  return [
    ['', ...Object.keys(first.parts), column],
    ...apart.map(({ name, median, parts }) => [
      name,
      ...Object.values(parts).map(duration),
      significant(ratio(median, parts)),
    ]),
  ];
}

/** The residuals in words: `residuals: x, h, …; 1,408 numbers of each row of a step, …`. */
export function residualsLine({ names, numbersPerRow, bytesPerStep }: Residuals, { steps }: Work): string {
  const numbers = numbersPerRow.toLocaleString('en');
  const bytes = `${kilobytes(bytesPerStep)} a step of the batch, ${kilobytes(steps * bytesPerStep)} in all`;
  return `residuals: ${names.join(', ')}; ${numbers} numbers of each row of a step, ${bytes}`;
}

export function coldCells(rows: readonly ColdRow[]): Cells {
  const sorted = [...rows].sort((a, b) => a.milliseconds.median - b.milliseconds.median);
  return [
    ['', 'median', 'quartiles', 'starts', '× fastest'],
    ...sorted.map(({ name, milliseconds: { median, lower, upper, count } }) => [
      name,
      duration(1000 * median),
      `${duration(1000 * lower)} – ${duration(1000 * upper)}`,
      `${count}`,
      significant(median / sorted[0]!.milliseconds.median),
    ]),
  ];
}

export function pageCells(rows: readonly PageRow[]): Cells {
  const sorted = [...rows].sort((a, b) => a.javascript + a.wasm - b.javascript - b.wasm);
  return [
    ['', 'JavaScript', 'wasm', 'together'],
    ...sorted.map(({ name, javascript, wasm }) => [
      name,
      kilobytes(javascript),
      wasm ? kilobytes(wasm) : '–',
      kilobytes(javascript + wasm),
    ]),
  ];
}

export function workTable(row: TimedRow): string {
  const [parts, { work, residuals }] = [partCells(row), row];
  const times = `\n${titleOf(work)}\n${columns(workCells(row))}`;
  return [
    times,
    ...(parts.length > 0 ? [columns(parts)] : []),
    ...(residuals ? [`  ${residualsLine(residuals, work)}`] : []),
  ].join('\n\n');
}
export const coldTable = (rows: readonly ColdRow[]): string =>
  `\nimport to first result in a fresh process\n${columns(coldCells(rows))}`;
export const pageTable = (rows: readonly PageRow[]): string =>
  `\nbytes that a page loads, minified, gzipped\n${columns(pageCells(rows))}`;

/** Cells in columns, the first to the left, the others to the right. */
export function columns(cells: Cells): string {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const align = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!);
  return cells.map((row) => `  ${row.map(align).join('  ')}`).join('\n');
}
