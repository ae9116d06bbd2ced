import { describe, expect, test } from 'vitest';
import { commandsOf, matches, NOT_RUN, run } from '../src/commands.ts';
import { blocks } from '../src/documents.ts';

const commands = blocks().flatMap(commandsOf);
const runnable = commands.filter(({ text }) => NOT_RUN[text] === undefined);

describe('commands', () => {
  test.each(runnable.map((command) => [command.title, command.text, command] as const))(
    '%s: %s',
    (_, text, { output }) => {
      const { status, lines } = run(text);
      expect(status, lines.join('\n')).toBe(0);
      if (output.length > 0 && !matches(lines, output)) expect(lines).toEqual(output);
    },
  );
});
