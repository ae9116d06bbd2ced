/**
 * What a file is that is no .safetensors file, as a noun, and what to do about it; undefined where its first bytes do not
 * tell, or are those of a .safetensors file.
 *
 * @param bytes  the whole file; only its first and last bytes are looked at
 * @example
 * kindOfFile(bytes); // 'a Git LFS pointer, not the file that it stands for. Fetch that: git lfs pull'
 */
export function kindOfFile(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'an empty file. The download or the copy did not end well: fetch it again';
  if (beginsSafetensors(bytes)) return undefined;
  const start = latin(bytes.subarray(0, 4096));
  if (start.startsWith('PK')) return kindOfZip(start, latin(bytes.subarray(-65_536)));
  const known = MAGIC.find(([magic, , at = 0]) => start.startsWith(magic, at));
  return known ? known[1] : (kindOfProtobuf(start) ?? kindOfText(start));
}

/** A header of at most 100 MB, so that four bytes of its length are zero, begins with a brace. */
const beginsSafetensors = (bytes: Uint8Array): boolean =>
  bytes[8] === 0x7b && bytes.subarray(4, 8).every((byte) => byte === 0);

/** Bytes as characters of the same numbers. */
const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

const READ_MODEL = 'readModel of @congruent/models reads it';
const UNPACK = 'Unpack it, and give the file inside';
const KERAS = `a Keras model. ${READ_MODEL}, with its layers`;
const NUMPY = 'In Python: safetensors.numpy.save_file({name: array}, path)';
const TORCH = `a PyTorch file of torch.save. ${READ_MODEL}, with its layers`;

/** What files begin with, what they then are, and where that stands if not at the beginning. */
const MAGIC: readonly (readonly [magic: string, kind: string, at?: number])[] = [
  ['version https://git-lfs', 'a Git LFS pointer, not the file that it stands for. Fetch that: git lfs pull'],
  ['\x89HDF\r\n\x1a\n', `an HDF5 file, as of Keras. ${READ_MODEL}, with its layers`],
  // The number that torch.save puts before what it pickles, of the format before zip.
  ['\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.', TORCH],
  ['\x93NUMPY', `a NumPy array (.npy), without a name. ${NUMPY}`],
  ['\x1f\x8b', `a gzip file. ${UNPACK}`],
  ['\x28\xb5\x2f\xfd', `a zstd file. ${UNPACK}`],
  ['BZh', `a bzip2 file. ${UNPACK}`],
  ['\xfd7zXZ\0', `an xz file. ${UNPACK}`],
  ['7z\xbc\xaf\x27\x1c', `a 7z archive. ${UNPACK}`],
  ['ustar', `a tar archive. ${UNPACK}`, 257],
  ['GGUF', 'a GGUF model, whose kinds of networks have no recurrent layers that are known. Convert it first'],
  ['\0asm', 'a module of WebAssembly, in which weights have no names. Give the model that was compiled'],
  ['TFL3', 'a TensorFlow Lite model, which is not read. Give the Keras model that it was converted from', 4],
  ...['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'].map(
    (magic) =>
      [
        magic,
        'a Python pickle. If torch.save wrote it, readModel of @congruent/models reads it; else convert it first',
      ] as const,
  ),
];

/** By the names of its members: those of the first stand at the beginning, those of all at the end. */
function kindOfZip(start: string, end: string): string {
  const has = (name: string): boolean => start.includes(name) || end.includes(name);
  if (has('/data.pkl')) return TORCH;
  if (has('model.weights.h5')) return KERAS;
  if (has('.npy')) return `arrays of NumPy (.npz). ${NUMPY}`;
  return `a zip archive. ${UNPACK}`;
}

/** Messages of protobuf have no magic, but both kinds begin with a version, and which fields may follow it is known. */
function kindOfProtobuf(start: string): string | undefined {
  if (start.startsWith('\x08\x01\x12')) {
    return 'a SavedModel of TensorFlow, which is not read. Save it as .keras, for readModel of @congruent/models';
  }
  const isModel =
    start[0] === '\x08' && start.charCodeAt(1) < 32 && '\x12\x1a\x22\x2a\x32\x3a\x42'.includes(start[2] ?? '-');
  return isModel ? `an ONNX model. ${READ_MODEL}` : undefined;
}

function kindOfText(start: string): string | undefined {
  const text = start.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^<(!doctype html|html|head|body|!--)/i.test(text)) return `an HTML page. ${LOOK}`;
  if (/^<\?xml/i.test(text)) return `an XML document, as storage servers answer errors with. ${LOOK}`;
  if (text.startsWith('{') || text.startsWith('[')) return kindOfJson(text);
  if (text === '' || !/^[\t\n\r -~]*$/.test(start.slice(0, 512))) return undefined;
  return `a text that begins ${JSON.stringify(text.slice(0, 40))}. ${LOOK}`;
}

const LOOK =
  'A server sends one in place of a file that is not there, or that needs a sign-in: open the address, and look at response.ok';

function kindOfJson(text: string): string {
  if (text.includes('"weight_map"')) {
    return 'the index of a checkpoint in several files, without its tensors. Read each of the .safetensors files that it names';
  }
  return 'a JSON file. If it is model.json of TensorFlow.js, an RTNeural model or a .nam, readModel of @congruent/models reads it';
}
