import { CongruentError, shortened } from '@congruent/runtime';

export { shortened };

/**
 * What is wrong with a file: not well-formed, or of a kind that is not read.
 *
 * @param kind     what the file is, e.g. `ONNX`
 * @param place    where in the file, e.g. `node gru_1, input R`; may be empty
 * @param problem  what was got and what was expected
 * @param remedy   what the user can do
 */
export const formatError = (
  kind: string,
  place: string,
  problem: string,
  remedy: string,
  options?: ErrorOptions,
): CongruentError => new CongruentError('MODEL_FORMAT', messageOf(kind, place, problem, remedy), options);

/** The file asks for something that no weights need: code to be run, a path outside, more memory than it can fill. */
export const unsafeError = (kind: string, place: string, problem: string, remedy: string): CongruentError =>
  new CongruentError('MODEL_UNSAFE', messageOf(kind, place, problem, remedy));

/** A file that this one refers to was not given; the error's `file` is its name, for whoever can find it. */
export const missingFileError = (
  kind: string,
  place: string,
  file: string,
): CongruentError & { readonly file: string } => {
  const problem = `it refers to the file ${shortened(file)}`;
  const remedy = `Pass it: { files: { ${shortened(file)}: bytes } }`;
  return Object.assign(new CongruentError('MODEL_FILES', messageOf(kind, place, problem, remedy)), { file });
};

const messageOf = (kind: string, place: string, problem: string, remedy: string): string =>
  `readModel: ${kind} file${place === '' ? '' : `, ${place}`}: ${problem}. ${remedy}.`;
