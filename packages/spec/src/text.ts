/** What ends a line in one of the languages that are generated, so that a comment of the notation ends where its copies do. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/;

/** Removes blank lines at both ends and the indentation that all lines share; lines then end with `\n`. */
export function dedent(text: string): string {
  const all = text.trimEnd().split(LINE_END);
  const lines = all.slice(all.findIndex((line) => line.trim() !== ''));
  // No Math.min(...indents): a long text has more lines than a call takes arguments.
  const shared = lines.reduce((least, line) => (line.trim() ? Math.min(least, line.search(/\S/)) : least), Infinity);
  return lines.map((line) => line.slice(shared).trimEnd()).join('\n');
}
