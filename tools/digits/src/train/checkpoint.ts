import { readFile, rename, writeFile } from 'node:fs/promises';
import { readSafetensors, writeSafetensors } from '@congruent/runtime';
import { joinStateDicts, splitStateDict } from '@congruent/train';
import { CELL_NAMES } from '../recurrent.ts';
import { UsageError } from '../usage.ts';
import type { Settings } from './settings.ts';
import type { Progress, Snapshot } from './training.ts';

/** Writes a snapshot, the model under torch's names so that torch reads it, and so that the file is either the old one or the new one, whole. */
export async function writeCheckpoint(path: string, { settings, progress, model, optimizer }: Snapshot): Promise<void> {
  const tensors = { ...model, ...joinStateDicts({ optimizer }) };
  const metadata = { settings: JSON.stringify(settings), progress: JSON.stringify(progress) };
  const unfinished = `${path}.part`;
  await writeFile(unfinished, writeSafetensors(tensors, metadata));
  await rename(unfinished, path);
}

/** The snapshot in a file; undefined where there is no file. */
export async function readCheckpoint(path: string): Promise<Snapshot | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const { tensors, metadata } = readSafetensors(bytes);
  const { settings, progress } = metadata;
  if (settings === undefined || progress === undefined) {
    throw new UsageError(`${path} is not a checkpoint: it has no settings and progress. Give another --checkpoint.`);
  }
  const names = Object.keys(tensors);
  const parts = [...CELL_NAMES, 'head', 'optimizer'].filter((part) =>
    names.some((name) => name.startsWith(`${part}.`)),
  );
  const { optimizer = {}, ...model } = splitStateDict(tensors, parts);
  return {
    settings: JSON.parse(settings) as Settings,
    progress: JSON.parse(progress) as Progress,
    model: joinStateDicts(model),
    optimizer,
  };
}
