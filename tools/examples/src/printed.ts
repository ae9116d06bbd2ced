import { formatWithOptions } from 'node:util';

/** What one `console.log` of a block must print; undefined: it does not say. */
export type Expected = string | undefined;

/**
 * The prints that a block promises, in the order of its lines: `console.log(…); // text`, or the lines of comment that
 * follow a `console.log(…);` directly.
 */
export function expectedPrints(code: string): readonly Expected[] {
  const lines = code.split('\n');
  return lines.flatMap((line, index): Expected[] => {
    const print = /^console\.log\(.*\);(?: \/\/ (.*))?$/.exec(line);
    if (!print) return [];
    if (print[1] !== undefined) return [print[1]];
    const after = lines.slice(index + 1);
    const end = after.findIndex((comment) => !/^\/\/( |$)/.test(comment));
    const comments = end < 0 ? after : after.slice(0, end);
    return [comments.length > 0 ? comments.map((comment) => comment.slice(3)).join('\n') : undefined];
  });
}

/** What Node prints for these arguments, with every object on one line. */
export const printed = (values: readonly unknown[]): string =>
  formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...values).trimEnd();
