import {
  CongruentError,
  checkTensor,
  describe,
  dictEntries,
  dtypeOf,
  type FloatArray,
  shapeText,
  shortened,
  type Tensor,
} from '@congruent/runtime';

/** Tensors by name, in the order of the record. */
export type Tensors = ReadonlyMap<string, Tensor>;

/**
 * The tensors of a record such as `stateDict()` gives, each checked.
 *
 * @param where  the start of an error message, e.g. `Adam.step: parameters`
 * @throws CONGRUENT_STATE_DICT when it is no record; CONGRUENT_SHAPE, CONGRUENT_DTYPE when a value is no tensor
 */
export const checkTensors = (where: string, given: unknown): Tensors =>
  new Map(entriesOf(where, given).map(([name, value]) => [name, checkTensor(`${where}: ${name}`, value)]));

/** The entries of what must be an object by names, read once. Throws CONGRUENT_STATE_DICT for anything else. */
export function entriesOf(where: string, given: unknown): [string, unknown][] {
  const entries = dictEntries(given);
  if (entries) return entries;
  throw new CongruentError(
    'CONGRUENT_STATE_DICT',
    `${where} must be dict-like, an object of tensors by name, got ${describe(given)}. ` +
      'Give what stateDict() or a pullback gives.',
  );
}

/**
 * Gradients for some or all of the parameters, by their names.
 *
 * @throws CONGRUENT_STATE_DICT for a name that no parameter has; CONGRUENT_SHAPE, CONGRUENT_DTYPE for a gradient unlike its parameter
 */
export function checkGradients(where: string, given: unknown, parameters: Tensors): Tensors {
  const gradients = checkTensors(`${where}: gradients`, given);
  const unexpected = [...gradients.keys()].filter((name) => !parameters.has(name));
  if (unexpected.length > 0) {
    throw new CongruentError(
      'CONGRUENT_STATE_DICT',
      `${where}: Unexpected key(s) in gradients: ${quoted(unexpected)}. ` +
        `The parameters are ${quoted([...parameters.keys()]) || 'none'}; give each gradient under its parameter's name.`,
    );
  }
  for (const [name, gradient] of gradients) {
    const parameter = parameters.get(name)!;
    if (shapeText(gradient.shape) !== shapeText(parameter.shape)) {
      throw new CongruentError(
        'CONGRUENT_SHAPE',
        `${where}: ${name}: assigned grad has data of a different size: expected the parameter's shape ` +
          `${shapeText(parameter.shape)}, got ${shapeText(gradient.shape)}.`,
      );
    }
    if (dtypeOf(gradient.data) !== dtypeOf(parameter.data)) {
      throw new CongruentError(
        'CONGRUENT_DTYPE',
        `${where}: ${name}: assigned grad has data of a different type: expected the parameter's ` +
          `${dtypeOf(parameter.data)}, got ${dtypeOf(gradient.data)}. Convert one of them, e.g. new Float32Array(data).`,
      );
    }
  }
  return gradients;
}

/** A tensor that shares nothing with what it is made of. */
export const copied = (data: FloatArray, shape: readonly number[]): Tensor => ({
  data: data.slice(),
  shape: [...shape],
});

/** Names as torch lists them: `"weight", "bias"`. */
export const quoted = (names: readonly string[]): string => names.map(shortened).join(', ');
