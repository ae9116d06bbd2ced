import { parseArgs } from 'node:util';

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
  const { values, positionals } = parsed(given);
  const [module, another] = positionals;
  if (another !== undefined) throw new UsageError(`one module at a time, got ${module} and ${another}`);
  const { device, json = false, junit, help = false, option = [] } = values;
  const options = Object.fromEntries(option.map(optionOf));
  return { module, json, junit, help, options: device === undefined ? options : { device, ...options } };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        junit: { type: 'string' },
        device: { type: 'string' },
        option: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function optionOf(text: string): readonly [key: string, value: unknown] {
  const [key, ...value] = text.split('=');
  if (!key || value.length === 0) throw new UsageError(`--option needs key=value, got ${text}`);
  return [key, literal(value.join('='))];
}

/** Booleans and numbers as such, anything else as text. */
function literal(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
