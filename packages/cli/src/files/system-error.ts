import { getSystemErrorMap } from 'node:util';

/** Why reading or writing a file failed, in the words of the system. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known = [...getSystemErrorMap().values()].find(([name]) => name === code);
  return known?.[1] ?? message;
}
