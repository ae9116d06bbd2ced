/** Cells in columns: the first and the last to the left, numbers between them to the right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const last = rows[0]!.length - 1;
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const align = (cell: string, column: number): string => {
    if (column === last) return cell;
    return column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!);
  };
  return rows.map((row) => `  ${row.map(align).join('  ')}`.trimEnd()).join('\n');
}

export const count = (value: number): string => value.toLocaleString('en');
