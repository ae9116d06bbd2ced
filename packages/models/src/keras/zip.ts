import { CongruentError } from '@congruent/runtime';
import type { UnzipFileInfo } from 'fflate';
import { formatError, shortened, unsafeError } from '../errors.ts';
import { unzip } from '../unzip.ts';

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
  const seen = new Set<string>();
  let entries = 0;
  let total = 0;
  const filter = ({ name, originalSize, size }: UnzipFileInfo): boolean => {
    if (++entries * ENTRY_BYTES > bytes.length || size > bytes.length) throw damaged('its directory is damaged');
    if (!RECORDS.includes(name)) return false;
    if (seen.has(name)) throw damaged(`it has ${shortened(name)} twice`);
    seen.add(name);
    total += originalSize;
    if (total <= MAGNITUDE * bytes.length + SLACK) return true;
    const problem = `${shortened(name)} would inflate to ${originalSize} bytes, out of all proportion to the file`;
    throw unsafeError('Keras', '', problem, 'Save the model again with model.save()');
  };
  return unpacked(bytes, filter);
}

function unpacked(bytes: Uint8Array, filter: (info: UnzipFileInfo) => boolean): ReturnType<typeof unzip> {
  try {
    return unzip(bytes, filter, (name, problem) => damaged(`${shortened(name)}: ${problem}`));
  } catch (error) {
    if (error instanceof CongruentError) throw error;
    throw damaged('it is a damaged or truncated zip archive', { cause: error });
  }
}

const damaged = (problem: string, options?: ErrorOptions): Error =>
  formatError('Keras', '', problem, 'Get the whole file, or save the model again with model.save()', options);
