import { CongruentError, describe, READ_FILE } from '@congruent/runtime';
import { detectFormat } from './detect.ts';
import type { ModelFormat, Reader, TypedModel } from './model.ts';

/** What `readModel` may be told. */
export interface ReadOptions {
  /** The file's name, e.g. `model.onnx`; only messages have it. */
  readonly name?: string;
  /** The files that this one refers to, by the names that it has for them: external data of ONNX, shards of TensorFlow.js. */
  readonly files?: Readonly<Record<string, Uint8Array | ArrayBuffer>>;
}

/** Each is loaded when there is such a file, so that a page loads the readers that it needs. */
const READERS: Readonly<Record<ModelFormat, () => Promise<Reader>>> = {
  safetensors: async () => (await import('./safetensors/read.ts')).read,
  pytorch: async () => (await import('./pytorch/read.ts')).read,
  onnx: async () => (await import('./onnx/read.ts')).read,
  keras: async () => (await import('./keras/read.ts')).read,
  tfjs: async () => (await import('./tfjs/read.ts')).read,
  rtneural: async () => (await import('./rtneural/read.ts')).read,
  nam: async () => (await import('./nam/read.ts')).read,
};

/**
 * Reads a model file: every tensor in it, and every recurrent layer, ready to be run. What the file is, its bytes say.
 * Nothing in it is executed, and it may come from anyone.
 *
 * @param bytes  the whole file; not modified, and nothing of the result refers to it
 * @throws MODEL_FORMAT where it is of no kind that is read, cut off, or contradicts itself; MODEL_UNSAFE where it asks for
 *         code to be run, for files outside, or for more memory than it can fill; MODEL_FILES where one that it refers to
 *         was not given; SAFETENSORS_FORMAT; CONGRUENT_UNSUPPORTED where a reader cannot be loaded
 * @example
 * const { layers } = await readModel(await readFile('model.onnx'), { name: 'model.onnx' });
 * const gru = await GRU.create(layers[0].options);
 * gru.loadStateDict(layers[0].parameters);
 */
export async function readModel(bytes: Uint8Array | ArrayBuffer, options: ReadOptions = {}): Promise<TypedModel> {
  const { name = 'model', files = {} } = options;
  const file = {
    name,
    bytes: viewOf('the file', bytes),
    files: Object.fromEntries(Object.entries(files).map(([path, each]) => [path, viewOf(path, each)])),
  };
  const format = detectFormat(file);
  const read = await READERS[format]().catch((cause) => {
    throw new CongruentError(
      'CONGRUENT_UNSUPPORTED',
      `readModel: the reader of this format, ${format}, cannot be loaded (${cause.message}). Where import() is not allowed, ` +
        'as in service workers and AudioWorklets, read the file elsewhere, and post its tensors there.',
      { cause },
    );
  });
  const { tensors, unread = {}, layers } = await read(file);
  return { format, tensors, unread, layers: layers as TypedModel['layers'] };
}

function viewOf(what: string, bytes: unknown): Uint8Array {
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = Object.prototype.toString.call(bytes);
  if (tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]')
    return new Uint8Array(bytes as ArrayBuffer);
  throw new CongruentError(
    'MODEL_FORMAT',
    `readModel: ${what} must be given as a Uint8Array or an ArrayBuffer, got ${describe(bytes)}. ${READ_FILE}.`,
  );
}
