/** Removes blank lines at both ends and the indentation that all lines share. */
export function dedent(text: string): string {
  const lines = text
    .replace(/^(\s*\n)+/, '')
    .trimEnd()
    .split('\n');
  // No Math.min(...indents): a long text has more lines than a call takes arguments.
  const shared = lines.reduce((least, line) => (line.trim() ? Math.min(least, line.search(/\S/)) : least), Infinity);
  return lines.map((line) => line.slice(shared).trimEnd()).join('\n');
}
