import { layersFromNames } from '../layers/torch.ts';
import type { Reader } from '../model.ts';
import { withAttributes } from './attributes.ts';
import { readLegacy } from './legacy.ts';
import { readTensors } from './tensors.ts';
import { weightsOf } from './weights.ts';
import { readZip } from './zip.ts';

/**
 * Files of torch.save, with a state dict, a checkpoint or a whole module of torch.nn's own classes, and of torch.jit.save.
 * Only a module, not a state dict, tells whether the batch comes first and which function an RNN has.
 */
export const read: Reader = async ({ bytes }) => {
  const stored = isZip(bytes) ? readZip(bytes) : readLegacy(bytes);
  const { tensors: views, modules } = weightsOf(stored.root, bytes.length);
  const { tensors, unread } = readTensors(views, stored, bytes.length);
  return { tensors, unread, layers: withAttributes(layersFromNames(tensors), modules, (name) => stored.codeOf(name)) };
};

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;
