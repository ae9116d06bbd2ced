import { readSafetensors, writeSafetensors } from '@congruent/runtime';
import { joinStateDicts, splitStateDict } from '@congruent/train';
import { readIfThere, replaceFile, tryToWrite, withFile } from '../files.ts';
import { CELL_NAMES } from '../recurrent.ts';
import { UsageError } from '../usage.ts';
import type { Settings } from './settings.ts';
import type { Progress, Snapshot } from './training.ts';

/**
 * Finds out whether checkpoints can be written to a file, and leaves it as it is.
 *
 * @throws UsageError
 */
export const tryCheckpoint = (path: string, snapshot: Snapshot): Promise<void> => tryToWrite(path, bytesOf(snapshot));

/**
 * Writes a snapshot; the file is either the old one or the new one, whole.
 *
 * @throws UsageError
 */
export const writeCheckpoint = (path: string, snapshot: Snapshot): Promise<void> =>
  replaceFile(path, bytesOf(snapshot));

/** The model is under torch's names, so that torch reads it. */
function bytesOf({ settings, progress, model, optimizer }: Snapshot): Uint8Array {
  const metadata = { settings: JSON.stringify(settings), progress: JSON.stringify(progress) };
  return writeSafetensors({ ...model, ...joinStateDicts({ optimizer }) }, metadata);
}

/**
 * The snapshot in a file; undefined where there is no file.
 *
 * @throws UsageError where the file holds something else, or cannot be read
 */
export async function readCheckpoint(path: string): Promise<Snapshot | undefined> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  const { tensors, metadata } = await withFile(path, 'read', async () => readSafetensors(bytes));
  const settings = parsed(metadata['settings']);
  const progress = parsed(metadata['progress']);
  if (!isObject(settings) || !isProgress(progress)) {
    throw new UsageError(
      `${path} is not a checkpoint: it has no settings, or no progress, of a run. Give another --checkpoint, or --fresh.`,
    );
  }
  const names = Object.keys(tensors);
  const parts = [...CELL_NAMES, 'head', 'optimizer'].filter((part) =>
    names.some((name) => name.startsWith(`${part}.`)),
  );
  const { optimizer = {}, ...model } = splitStateDict(tensors, parts);
  return { settings: settings as unknown as Settings, progress, model: joinStateDicts(model), optimizer };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isProgress(value: unknown): value is Progress {
  if (!isObject(value)) return false;
  const { epoch, batch, lossSum, losses } = value;
  const counts = [epoch, batch].every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
  return counts && Number.isFinite(lossSum) && Array.isArray(losses) && losses.every(Number.isFinite);
}
