import { readSafetensors } from '@congruent/runtime';
import { layersFromNames } from '../layers/torch.ts';
import type { Reader } from '../model.ts';

/** Layers are those that torch's names tell; other tools' names are in `tensors`. */
export const read: Reader = async ({ bytes }) => {
  const { tensors } = readSafetensors(bytes);
  return { tensors, layers: layersFromNames(tensors) };
};
