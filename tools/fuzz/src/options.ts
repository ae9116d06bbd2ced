import { parseArgs } from 'node:util';

export interface Options {
  readonly seconds: number;
  readonly seed: number;
  readonly path: string | undefined;
  readonly only: readonly string[] | undefined;
  readonly help: boolean;
}

/**
 * Reads the command line.
 *
 * @param names  what `--only` takes
 * @throws Error with what is wrong with it
 */
export function readOptions(args: readonly string[], names: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 2 ** 31)}` },
      path: { type: 'string' },
      only: { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
    },
  });
  const { seconds, seed, path, only, help } = values;
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no '${unknown}'. There are ${names.join(', ')}.`);
  if (path !== undefined && only?.length !== 1) throw new Error('--path is of one surface: give --only, once.');
  return { seconds: number('seconds', seconds, 1), seed: number('seed', seed, -(2 ** 31)), path, only, help };
}

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least || value > 2 ** 31 - 1) {
    throw new Error(`--${name} must be a number from ${least} up, got '${text}'.`);
  }
  return value;
}
