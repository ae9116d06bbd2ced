import { SpecError } from '@congruent/spec';
import type { Mistake } from './compiled.ts';

/** What is wrong with a text. */
export function mistakeIn(text: string, error: unknown): Mistake {
  if (!(error instanceof SpecError))
    return { message: error instanceof Error ? error.message : `${error}`, from: 0, to: text.length };
  const { message, source, span } = error;
  const at = offsetsIn(text, source);
  return { message, from: at(span.start), to: Math.max(at(span.start), at(span.end)) };
}

/** From offsets into a text without the blank lines that it begins with, and the indentation of all lines, to its own. */
function offsetsIn(text: string, source: string): (offset: number) => number {
  const lines = text.split('\n');
  const blank = Math.max(
    0,
    lines.findIndex((line) => line.trim() !== ''),
  );
  const [first = ''] = source.split('\n');
  const indentation = Math.max(0, (lines[blank] ?? '').indexOf(first));
  return (offset) => {
    const before = source.slice(0, offset).split('\n');
    const above = lines.slice(0, blank + before.length - 1).reduce((sum, { length }) => sum + length + 1, 0);
    return Math.min(text.length, above + indentation + before.at(-1)!.length);
  };
}
