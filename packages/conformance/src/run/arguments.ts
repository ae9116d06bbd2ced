/** What the command line asks for. */
export interface Arguments {
  readonly module: string | undefined;
  readonly json: boolean;
  /** Where JUnit's XML goes. */
  readonly junit: string | undefined;
  readonly help: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command line that cannot be understood; the message says what is wrong. */
export class UsageError extends Error {}

/** Reads `<module> [--json] [--junit <file>] [--device <device>] [--option <key>=<value>]`. */
export function parseArguments(given: readonly string[]): Arguments {
  const options: Record<string, unknown> = {};
  let module: string | undefined;
  let json = false;
  let junit: string | undefined;
  let help = false;
  for (let i = 0; i < given.length; i++) {
    const argument = given[i]!;
    if (argument === '--json') json = true;
    else if (argument === '--junit') junit = argumentOf(argument, given[++i]);
    else if (argument === '--help' || argument === '-h') help = true;
    else if (argument === '--device') options['device'] = argumentOf(argument, given[++i]);
    else if (argument === '--option') {
      const [key, ...value] = argumentOf(argument, given[++i]).split('=');
      if (!key || value.length === 0) throw new UsageError(`--option needs key=value, got ${given[i]}`);
      options[key] = literal(value.join('='));
    } else if (argument.startsWith('-')) throw new UsageError(`unknown option ${argument}`);
    else if (module !== undefined) throw new UsageError(`one module at a time, got ${module} and ${argument}`);
    else module = argument;
  }
  return { module, json, junit, help, options };
}

function argumentOf(option: string, value: string | undefined): string {
  if (value === undefined || value.startsWith('--')) throw new UsageError(`${option} needs a value`);
  return value;
}

/** Booleans and numbers as such, anything else as text. */
function literal(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
