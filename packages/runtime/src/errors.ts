/** Every code a congruent package throws, with what it means. One heading per code in docs/errors.md. */
export const ERROR_CODES = [
  'CONGRUENT_OPTION', // an option is missing, unknown or out of range
  'CONGRUENT_SHAPE', // a tensor has the wrong number of dimensions or a wrong size
  'CONGRUENT_DTYPE', // a tensor's element type is not the layer's
  'CONGRUENT_MEMORY', // an array that is larger than the engine gives
  'CONGRUENT_EMPTY_SEQUENCE', // a sequence of no steps, or no sequences to pack
  'CONGRUENT_PACKED', // a PackedSequence, or the lengths to make one, are inconsistent
  'CONGRUENT_STATE_DICT', // a state dict misses a parameter, has one too many, or one of another shape
  'CONGRUENT_BIDIRECTIONAL_STREAM', // stream() on a bidirectional layer
  'CONGRUENT_TRAINING_STREAM', // stream() in training mode with dropout
  'CONGRUENT_DISPOSED', // use after dispose()
  'CONGRUENT_UNSUPPORTED', // the backend does not have what was asked for; see backend.supports
  'WASM_UNAVAILABLE', // the engine has no WebAssembly with SIMD, or the page does not allow it
  'WASM_MEMORY', // the engine gives no more WebAssembly memory, or more than 4 GiB are needed
  'CONGRUENT_DEVICE', // the device asked for isn't there, or cannot run what it should
  'CONGRUENT_DEVICE_LOST', // the device was lost while in use; a new GRU can be created
  'LOSS_TARGET', // targets of a loss that are no classes, or not one for each row
  'COMMAND_MISSING', // the command congruent without the package that has what it does
  'CELL_FILE', // a file of cells that is not there, does not run, or exports no cell
  'CELL_NAME', // cells whose names collide, or one whose name gives no class
  'BACKEND_MISSING', // a backend that is not installed, or a package that has no emitter
  'NATIVE_UNAVAILABLE', // there is no compiled addon for this platform, or it does not load
  'NATIVE_MEMORY', // a buffer that is larger than the engine gives
  'NATIVE_COMPILER', // no C compiler, or one that failed at what was generated
  'OUTPUT_FOLDER', // a folder for generated files that holds others, or cannot be written
  'EXPORT_WEIGHTS', // a file of weights that cannot be read, or has no layer of the cell, or several
  'EXPORT_LAYERS', // layers that a model of single steps cannot have
  'EXPORT_NAME', // a name that functions of C cannot have
  'EXPORT_OPTION', // an option that the target does not have
  'EXPORT_SIZE', // a model that is larger than the target can hold
  'MODEL_FORMAT', // a model file that is not well-formed, or of a kind that isn't read
  'MODEL_UNSAFE', // a model file that asks for code to be run, files outside, or more memory than it can fill
  'MODEL_FILES', // a model file, or one that it refers to, was not given or cannot be read
  'MODEL_LAYER', // there is no such layer in a model file, or it cannot be run
  'SAFETENSORS_FORMAT', // not a well-formed .safetensors file, an element type that isn't read, or what cannot be stored
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The one error type of all congruent packages. `code` is stable and meant for programs;
 * `message` says where, what was got, what was expected, and the remedy.
 *
 * @example
 * try {
 *   gru.forward(input, h0);
 * } catch (error) {
 *   if (error instanceof CongruentError && error.code === 'CONGRUENT_SHAPE') console.warn(error.message);
 *   else throw error;
 * }
 */
export class CongruentError extends Error {
  // Defined, not assigned, which a frozen Error.prototype would refuse.
  override readonly name: string = 'CongruentError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    // What a message quotes of a file or a call may be of any length; its remedy stands at the end.
    super(`${code}: ${message.replace(/^(.{1400}).*(.{500})$/s, '$1 … $2')}`, options);
    this.code = code;
  }
}

/** Text from outside as a message quotes it: it may be of any length. */
export const shortened = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}…` : text);

/** What to do about anything else than the bytes of a file. */
export const READ_FILE = 'Read it first: await readFile(path), or await (await fetch(url)).arrayBuffer()';

/** How an error message names a value that is of the wrong type, e.g. `null`, `Array(3)`, `Int32Array(8)`, `"5"`. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (value === null || typeof value !== 'object') return String(value);
  try {
    const { length } = value as { length?: unknown };
    if (length === undefined) Object.values(value); // a getter may throw
    return `${Object.getPrototypeOf(value)?.constructor?.name || 'object'}${typeof length === 'number' ? `(${length})` : ''}`;
  } catch {
    return 'an unreadable object'; // a revoked proxy
  }
}
