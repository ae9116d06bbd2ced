import { CongruentError } from '@congruent/runtime';

/** Wrong words on the command line, or a file that they name and that is not what it should be. */
export class UsageError extends Error {}

/**
 * Runs a program to its exit code.
 *
 * @param help  what to try where its arguments are wrong
 */
export async function runProgram(name: string, help: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof CongruentError)) throw error;
    console.error(`${name}: ${error.message}\nTry: ${help}`);
    process.exitCode = 2;
  }
}

/** Runs a parser of arguments; what it objects to is a usage error. */
export function parse<T>(parser: () => T): T {
  try {
    return parser();
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`);
  }
}
