import { decodeUTF8 } from '@congruent/runtime';
import { formatError } from '../errors.ts';
import { readArchive } from './archive.ts';
import { unpickle } from './pickle.ts';
import { storedElsewhere } from './storages.ts';
import type { Stored } from './tensors.ts';

/**
 * The format of torch.save since 1.6: a zip archive with a pickle, a record for each storage, and of PyTorch 2 one that
 * says in which order their bytes are. TorchScript has its code besides.
 *
 * @throws MODEL_FORMAT, MODEL_UNSAFE
 */
export function readZip(bytes: Uint8Array): Stored {
  const records = readArchive(bytes);
  const { value } = unpickle(records.get('data.pkl')!, 0, 'data.pkl', storedElsewhere('data.pkl'));
  return {
    root: value,
    littleEndian: isLittleEndian(records.get('byteorder')),
    bytesOf: (key) => records.get(`data/${key}`),
    codeOf: (name) => textOf(`code/${name.split('.').slice(0, -1).join('/')}.py`, records),
  };
}

function isLittleEndian(record: Uint8Array | undefined): boolean {
  const order = String.fromCharCode(...(record ?? []).slice(0, 16));
  if (order === '' || order === 'little') return true;
  if (order === 'big') return false;
  throw formatError('PyTorch', 'record byteorder', 'it is neither "little" nor "big"', 'Save it again with torch.save');
}

function textOf(name: string, records: ReadonlyMap<string, Uint8Array>): string | undefined {
  const bytes = records.get(name);
  try {
    return bytes && decodeUTF8(bytes);
  } catch (cause) {
    throw formatError('PyTorch', `record ${name}`, 'it is not UTF-8', 'Save it again with torch.jit.save', { cause });
  }
}
