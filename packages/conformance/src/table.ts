import type { Report } from './run.ts';

/** A report for people: groups with their counts, then every failure with its reason. */
export function printReport(report: Report): string {
  const groups = [...new Set(report.results.map(({ group }) => group))];
  const rows = groups.map((group) => {
    const results = report.results.filter((result) => result.group === group);
    const count = (status: string): string => `${results.filter((result) => result.status === status).length}`;
    return [group, count('passed'), count('refused'), count('failed'), count('skipped')];
  });
  const supports = Object.entries(report.supports).map(([name, has]) => `${has ? '' : 'no '}${name}`);
  const left = report.results.filter(({ status }) => status === 'failed');
  return [
    `${report.backend}${report.device ? ` on ${report.device}` : ''}: ${supports.join(', ')}`,
    '',
    ...aligned([['', 'passed', 'refused', 'failed', 'skipped'], ...rows]),
    '',
    ...left.flatMap(({ title, reason }) => [
      `FAILED ${title}`,
      ...(reason ?? '').split('\n').map((line) => `  ${line}`),
    ]),
    `${report.passed} of ${report.total} passed` +
      (report.refused > 0 ? `, ${report.refused} of them refused as documented` : '') +
      (report.failed > 0 ? `, ${report.failed} FAILED` : '') +
      (report.skipped > 0 ? `, ${report.skipped} SKIPPED` : ''),
  ].join('\n');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}
