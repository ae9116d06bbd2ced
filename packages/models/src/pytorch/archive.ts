import type { UnzipFileInfo } from 'fflate';
import { formatError, shortened, unsafeError } from '../errors.ts';
import { unzip } from '../unzip.ts';

/** torch.save compresses nothing, TorchScript its code, and weights hardly can be. */
const MOST_OF_FILE = 16;

const REMEDY = 'Save it again with torch.save, or fetch it again';

/**
 * The records of a zip archive of torch.save or torch.jit.save, without debug information. What its directory says of sizes
 * is checked before anything is allocated.
 *
 * @returns those beside data.pkl, by their names without that of the folder
 * @throws MODEL_FORMAT, MODEL_UNSAFE
 */
export function readArchive(file: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const seen = new Set<string>();
  const sum = { stored: 0, inflated: 0 };
  const check = (info: UnzipFileInfo): boolean => {
    if (seen.has(info.name)) throw damaged(info.name, 'it is in the archive twice');
    sum.stored += info.size;
    sum.inflated += info.originalSize;
    checkSum(info.name, sum, file.length);
    seen.add(info.name);
    return !info.name.endsWith('.debug_pkl');
  };
  const records = Object.entries(unpacked(file, check));
  const names = [...seen];
  const folder = names.find((name) => /^[^/]+\/data\.pkl$/.test(name))?.slice(0, -'data.pkl'.length);
  if (folder === undefined)
    throw formatError('PyTorch', '', `the zip archive has no data.pkl, but ${listed(names)}`, REMEDY);
  const own = records.filter(([name]) => name.startsWith(folder));
  return new Map(own.map(([name, bytes]) => [name.slice(folder.length), bytes]));
}

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'nothing' : `${names.slice(0, 5).map(shortened).join(', ')}${names.length > 5 ? ' …' : ''}`;

/** Records that overlap would add up to more than the file has. */
function checkSum(name: string, sum: { stored: number; inflated: number }, fileBytes: number): void {
  if (sum.stored > fileBytes)
    throw damaged(name, `the records up to it have ${sum.stored} bytes, the file ${fileBytes}`);
  if (sum.inflated > MOST_OF_FILE * fileBytes) {
    throw unsafeError(
      'PyTorch',
      `record ${shortened(name)}`,
      `the zip archive of ${fileBytes} bytes inflates to ${sum.inflated}, which weights never do`,
      REMEDY,
    );
  }
}

function unpacked(file: Uint8Array, filter: (info: UnzipFileInfo) => boolean): ReturnType<typeof unzip> {
  try {
    return unzip(file, filter, damaged);
  } catch (error) {
    if (isFlateError(error)) {
      throw formatError('PyTorch', '', `the zip archive is damaged or cut off (${error.message})`, REMEDY, {
        cause: error,
      });
    }
    throw error;
  }
}

/** fflate's own, and what arrays say to sizes and positions that are none. */
const isFlateError = (error: unknown): error is Error =>
  error instanceof RangeError || (error instanceof Error && typeof (error as { code?: unknown }).code === 'number');

const damaged = (name: string, problem: string): Error =>
  formatError('PyTorch', `record ${shortened(name)}`, problem, REMEDY);
