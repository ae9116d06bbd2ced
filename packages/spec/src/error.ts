/** What can be wrong with a specification; each has a test in test/errors.test.ts. */
export const specErrorCodes = [
  'SPEC_SYNTAX',
  'SPEC_DEPTH',
  'SPEC_UNDECLARED_NAME',
  'SPEC_USED_BEFORE_DEFINED',
  'SPEC_DUPLICATE_NAME',
  'SPEC_UNUSED_EQUATION',
  'SPEC_UNUSED_INPUT',
  'SPEC_UNUSED_PARAMETER',
  'SPEC_STATE_UNASSIGNED',
  'SPEC_STATE_UNLISTED',
  'SPEC_OUTPUT_UNASSIGNED',
  'SPEC_SHAPE',
  'SPEC_SHAPE_UNKNOWN',
  'SPEC_MATRIX',
  'SPEC_UNKNOWN_FUNCTION',
  'SPEC_ARITY',
  'SPEC_UNKNOWN_CELL',
  'SPEC_CELL_VALUE',
  'SPEC_LAYOUT_MISSING',
  'SPEC_LAYOUT_REPEATED',
  'SPEC_LAYOUT_SUM',
] as const;

export type SpecErrorCode = (typeof specErrorCodes)[number];

/** A half-open range of offsets into the source of a specification. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A mistake in a specification: a stable code, and a message with the line, a caret, and what to do. */
export class SpecError extends Error {
  // Defined, not assigned, which a frozen Error.prototype would refuse.
  override readonly name: string = 'SpecError';
  readonly code: SpecErrorCode;
  /** The text, without the indentation of the program around it. */
  readonly source: string;
  /** Where in `source` the mistake is. */
  readonly span: Span;

  constructor(code: SpecErrorCode, source: string, span: Span, problem: string, remedy: string) {
    super(`${code}: ${problem}\n\n${excerpt(source, span)}\n\n${remedy}`);
    this.code = code;
    this.source = source;
    this.span = span;
  }
}

/** Characters of a line that a message shows at most on each side of where the carets begin. */
const EXCERPT = 120;

/** The line of `span` with its number, and carets under the span; of a long line what is near. */
function excerpt(source: string, span: Span): string {
  const lineStart = source.lastIndexOf('\n', span.start - 1) + 1;
  const newline = source.indexOf('\n', span.start);
  const lineEnd = newline < 0 ? source.length : newline;
  const [from, to] = [Math.max(lineStart, span.start - EXCERPT), Math.min(lineEnd, span.start + EXCERPT)];
  const [before, after] = [from > lineStart ? '…' : '', to < lineEnd ? '…' : ''];
  const number = `${source.slice(0, span.start).split('\n').length}`;
  const carets = '^'.repeat(Math.max(1, Math.min(span.end, to) - span.start));
  return (
    `  ${number} | ${before}${source.slice(from, to)}${after}\n` +
    `  ${' '.repeat(number.length)} | ${' '.repeat(before.length + span.start - from)}${carets}`
  );
}
