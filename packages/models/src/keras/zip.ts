import { CongruentError } from '@congruent/runtime';
import { type UnzipFileInfo, unzipSync } from 'fflate';
import { formatError, shortened, unsafeError } from '../errors.ts';

/** What Keras puts in an archive, and is read. */
const RECORDS: readonly string[] = ['config.json', 'metadata.json', 'model.weights.h5'];
const MAGNITUDE = 64;
const SLACK = 0x1000000;
/** Of a record in the archive's directory, at least. */
const ENTRY_BYTES = 46;

/**
 * The records of a `.keras` archive by name: checked before anything is inflated, each into no more than its size.
 *
 * @throws MODEL_FORMAT, MODEL_UNSAFE
 */
export function unzipKeras(bytes: Uint8Array): Readonly<Record<string, Uint8Array | undefined>> {
  const sizes = new Map<string, number>();
  let entries = 0;
  let total = 0;
  const filter = ({ name, originalSize, size }: UnzipFileInfo): boolean => {
    if (++entries * ENTRY_BYTES > bytes.length || size > bytes.length) throw damaged('its directory is damaged');
    if (!RECORDS.includes(name)) return false;
    if (sizes.has(name)) throw damaged(`it has ${shortened(name)} twice`);
    sizes.set(name, originalSize);
    total += originalSize;
    if (total <= MAGNITUDE * bytes.length + SLACK) return true;
    const problem = `${shortened(name)} would inflate to ${originalSize} bytes, out of all proportion to the file`;
    throw unsafeError('Keras', '', problem, 'Save the model again with model.save()');
  };
  const records = unzip(bytes, filter);
  for (const [name, { length }] of Object.entries(records)) {
    if (length !== sizes.get(name)) throw damaged(`${shortened(name)} has ${length} bytes, not ${sizes.get(name)}`);
  }
  return records;
}

function unzip(bytes: Uint8Array, filter: (info: UnzipFileInfo) => boolean): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof CongruentError) throw error;
    throw damaged('it is a damaged or truncated zip archive', { cause: error });
  }
}

const damaged = (problem: string, options?: ErrorOptions): Error =>
  formatError('Keras', '', problem, 'Get the whole file, or save the model again with model.save()', options);
