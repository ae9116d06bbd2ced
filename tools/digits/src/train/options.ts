import { parseArgs } from 'node:util';
import { CELL_NAMES, type CellName, isCellName } from '../recurrent.ts';
import { parse, UsageError } from '../usage.ts';
import { SETTINGS, type Settings } from './settings.ts';

export const HELP: string = `npm run train:digits -- [options]: trains the digit classifier from scratch

  --checkpoint FILE   where the run is saved, and taken up again where it was interrupted
                      (default: digits.safetensors); npm start -- --model FILE uses it
  --fresh             start anew, whatever the file holds
  --cell NAME         the recurrent layer: ${CELL_NAMES.join(' or ')} (default: ${SETTINGS.cell})
  --backend NAME      a backend with gradients (default: wasm)
  --epochs N          passes over the 1437 images (default: ${SETTINGS.epochs})
  --seed N            decides initial weights, order and noise (default: ${SETTINGS.seed})

It saves after every pass, and when Ctrl-C or the system ends it; the same command goes on with the same bits.`;

export interface Options {
  readonly help: boolean;
  readonly checkpoint: string;
  readonly fresh: boolean;
  readonly backend: string;
  readonly settings: Settings;
}

export function readOptions(args: readonly string[]): Options {
  const values = parseWords(args);
  return {
    help: values.help,
    checkpoint: values.checkpoint,
    fresh: values.fresh,
    backend: values.backend,
    settings: {
      ...SETTINGS,
      cell: cellCalled(values.cell),
      epochs: integer('epochs', values.epochs, 1),
      seed: integer('seed', values.seed, 0),
    },
  };
}

const parseWords = (args: readonly string[]) =>
  parse(() =>
    parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        checkpoint: { type: 'string', default: 'digits.safetensors' },
        fresh: { type: 'boolean', default: false },
        cell: { type: 'string', default: SETTINGS.cell },
        backend: { type: 'string', default: 'wasm' },
        epochs: { type: 'string', default: `${SETTINGS.epochs}` },
        seed: { type: 'string', default: `${SETTINGS.seed}` },
      },
    }),
  ).values;

function cellCalled(name: string): CellName {
  if (isCellName(name)) return name;
  throw new UsageError(`--cell must be one of ${CELL_NAMES.join(', ')}, got ${name}.`);
}

function integer(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} takes an integer from ${least}, got ${text}.`);
}
