import { describe, expect, test } from 'vitest';
import { commandsOf, matches, NOT_RUN, run, usesBlock } from '../src/commands.ts';
import { blocks } from '../src/documents.ts';

const commands = blocks().flatMap(commandsOf);
// Those that use blocks run before these, in examples.test.ts.
const runnable = commands.filter((command) => NOT_RUN[command.text] === undefined && !usesBlock(command));

/** A command may run a whole suite, on a machine that does other things as well: milliseconds. */
const TIMEOUT = 300_000;

describe('commands', () => {
  test.each(runnable.map((command) => [command.title, command.text, command] as const))(
    '%s: %s',
    (_, text, { output }) => {
      const { status, lines } = run(text);
      expect(status, lines.join('\n')).toBe(0);
      if (output.length > 0 && !matches(lines, output)) expect(lines).toEqual(output);
    },
    TIMEOUT,
  );
});
