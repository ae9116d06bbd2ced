import type { Report } from './run.ts';
import type { ModeReport, Summary } from './run-modes.ts';

/** The reports of all modes, and what they come to where there are several. */
export function printSummary({ modes, absent, ...counts }: Summary): string {
  return [
    ...modes.map((report) => `${printReport(report)}\n`),
    ...(modes.length > 1 ? [`${modes.length} modes: ${countsText(counts)}`] : []),
    ...(absent.length > 0 ? [`not on this machine: ${absent.join('; ')}`] : []),
  ]
    .join('\n')
    .trimEnd();
}

/** A report for people: counts by group, and by cell, then every failure with its reason. */
function printReport(report: ModeReport): string {
  const supports = Object.entries(report.supports).map(([name, has]) => `${has ? '' : 'no '}${name}`);
  const left = report.results.filter(({ status }) => status === 'failed');
  return [
    `${report.backend}${report.mode ? `, ${report.mode}` : ''}: ${supports.join(', ')}`,
    '',
    ...aligned([['', ...STATUSES], ...rowsBy(report, 'group'), [''], ...rowsBy(report, 'cell')]),
    '',
    ...left.flatMap(({ title, reason }) => [
      `FAILED ${title}`,
      ...(reason ?? '').split('\n').map((line) => `  ${line}`),
    ]),
    countsText(report),
  ].join('\n');
}

const STATUSES = ['passed', 'refused', 'failed', 'skipped'] as const;

/** A row of counts for each group, or each cell. */
function rowsBy({ results }: ModeReport, key: 'group' | 'cell'): string[][] {
  return [...new Set(results.map((result) => result[key]))].map((name) => {
    const own = results.filter((result) => result[key] === name);
    return [name, ...STATUSES.map((status) => `${own.filter((result) => result.status === status).length}`)];
  });
}

const countsText = (counts: Pick<Report, 'passed' | 'total' | 'refused' | 'failed' | 'skipped'>): string =>
  `${counts.passed} of ${counts.total} passed` +
  (counts.refused > 0 ? `, ${counts.refused} of them refused as documented` : '') +
  (counts.failed > 0 ? `, ${counts.failed} FAILED` : '') +
  (counts.skipped > 0 ? `, ${counts.skipped} SKIPPED` : '');

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}
