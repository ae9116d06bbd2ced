import { readSafetensors } from '@congruent/runtime';
import { layersFromNames } from '../layers/torch.ts';
import type { Reader } from '../model.ts';

/** Layers are those that torch's names tell; other tools' names are in `tensors`. */
export const read: Reader = async ({ bytes }) => {
  const { tensors, unread } = readSafetensors(bytes);
  const reasons = Object.entries(unread).map(([name, { dtype }]) => [
    name,
    `has elements of the type ${dtype}, which is not read`,
  ]);
  return { tensors, unread: Object.fromEntries(reasons), layers: layersFromNames(tensors) };
};
