/** What would move the cursor of a terminal, turn the direction of writing round, or end a line. */
export const INVISIBLE: RegExp = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text of a file as a line shows it: it may be of any length, with anything in it.
 *
 * @param length  characters that are shown
 */
export function printable(text: string, length = 80): string {
  const shown = text.slice(0, length).replaceAll(INVISIBLE, '\ufffd');
  return text.length > length ? `${shown}…` : shown;
}
