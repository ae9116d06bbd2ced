/** What ends a line in one of the languages, or may in one of their tools. */
const LINE_ENDS = /[\n\v\f\r\u0085\u2028\u2029]+/g;

/**
 * A text as a comment to the end of the line, in any language; the one place where text that is not ours is written into
 * code. What ends a line becomes a space. What would join the next line to it in C, a backslash at the end or its
 * trigraph, gets a dot behind.
 *
 * @param sign  what such comments begin with, e.g. `//`
 */
export const lineComment = (sign: string, text: string): string =>
  `${sign} ${text.replace(LINE_ENDS, ' ')}`.trimEnd().replace(/(\\|\?\?\/)$/, '$1.');
