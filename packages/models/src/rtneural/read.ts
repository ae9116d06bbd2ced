import type { Reader } from '../model.ts';

export const read: Reader = async () => {
  throw new Error('to be written');
};
