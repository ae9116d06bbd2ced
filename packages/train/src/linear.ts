import {
  CongruentError,
  checkLike,
  checkTensor,
  DTYPE,
  type DType,
  type FloatArray,
  fillUniform,
  flag,
  hints,
  LOAD_RULES,
  type LoadOptions,
  type LoadResult,
  linearRandom,
  type Parameter,
  positive,
  type ReadOptions,
  type Resolved,
  type Rules,
  readStateDict,
  SEED,
  type StoredStateDict,
  shapeText,
  sizeOf,
  type Tensor,
  type Weights,
  writeStateDict,
  zeros,
} from '@congruent/runtime';
import { matrix, product, transposed } from './matrix.ts';
import { resolve } from './option-rules.ts';

/** What `Linear` takes: the parameters and defaults of torch.nn.Linear. */
export interface LinearOptions {
  /** Features of the input, at least 1. */
  readonly inFeatures: number;
  /** Features of the output, at least 1. */
  readonly outFeatures: number;
  /** Whether the layer has a bias. Default: true. */
  readonly bias?: boolean | undefined;
  /** Element type of parameters, inputs and results. Default: `float32`. */
  readonly dtype?: DType | undefined;
  /** Decides the initial parameters: a safe integer. Default: 0. */
  readonly seed?: number | undefined;
}

/** What the pullback of a linear layer gives. */
export interface LinearGradients {
  /** By the input, of its shape. */
  readonly input: Tensor;
  /** By `weight` and `bias`, named as in `stateDict()`. */
  readonly parameters: Record<string, Tensor>;
}

/** What `Linear.vjp` gives. */
export interface LinearVjp {
  readonly output: Tensor;
  /**
   * The gradients of a loss, from its gradient by the output. Can be called more than once; the input and the
   * parameters are those of the call of `vjp`.
   *
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE
   */
  pullback(gradient: Tensor): LinearGradients;
}

/**
 * torch.nn.Linear: y = x Wᵀ + b over the last dimension.
 *
 * @example
 * const head = new Linear({ inFeatures: 48, outFeatures: 10 });
 * head.forward(tensor(new Float32Array(32 * 48), [32, 48])).shape; // [32, 10]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Linear.html
 */
export class Linear {
  /** The options it was created with, defaults filled in. */
  readonly options: Resolved<LinearOptions>;
  readonly #parameters: readonly Parameter[];
  #weights: Weights;

  /**
   * Weights and biases are uniform in ±1/√inFeatures and follow from `seed` alone; they are unrelated to those of
   * a GRU of the same seed.
   *
   * @throws CONGRUENT_OPTION when an option is missing, unknown or out of range
   */
  constructor(options: LinearOptions) {
    this.options = resolve('Linear', RULES, options) as unknown as Resolved<LinearOptions>;
    const { inFeatures, outFeatures, bias, dtype, seed } = this.options;
    this.#parameters = [
      { name: 'weight', layout: 'weight', shape: [outFeatures, inFeatures], stored: true },
      ...(bias ? [{ name: 'bias', layout: 'bias', shape: [outFeatures], stored: true }] : []),
    ];
    const next = linearRandom(seed);
    const bound = 1 / Math.sqrt(inFeatures);
    this.#weights = new Map(
      this.#parameters.map(({ name, shape }) => [name, fillUniform(zeros(dtype, sizeOf(shape)), bound, next)]),
    );
  }

  /**
   * @param input  [..., inFeatures]; not modified
   * @returns [..., outFeatures], a fresh tensor
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE
   */
  forward(input: Tensor): Tensor {
    return this.#apply(this.#checkInput('Linear.forward: input', input));
  }

  /**
   * The output, and with it the gradients.
   *
   * @param input  [..., inFeatures]; not modified, and read before the call returns
   * @throws CONGRUENT_SHAPE, CONGRUENT_DTYPE
   * @example
   * const { output, pullback } = head.vjp(x);
   * const { loss, gradient } = crossEntropy(output, labels);
   * const { input: dx, parameters } = pullback(gradient);
   */
  vjp(input: Tensor): LinearVjp {
    const { data, shape } = this.#checkInput('Linear.vjp: input', input);
    const output = this.#apply(input);
    const { inFeatures, outFeatures, dtype } = this.options;
    const rows = data.length / inFeatures;
    const x = matrix(data.slice(), rows, inFeatures);
    const weight = matrix(this.#weights.get('weight')!, outFeatures, inFeatures);
    const ones = matrix(zeros(dtype, rows).fill(1), 1, rows);
    const [inputShape, outputShape] = [[...shape], [...output.shape]];
    const named = this.#parameters;

    const pullback = (gradient: Tensor): LinearGradients => {
      const g = matrix(checkLike('Linear.vjp: pullback', gradient, outputShape, dtype).data, rows, outFeatures);
      const gradients: Readonly<Record<string, () => FloatArray>> = {
        weight: () => product(transposed(g), x),
        bias: () => product(ones, g),
      };
      const entries = named.map(({ name, shape }) => [name, { data: gradients[name]!(), shape: [...shape] }]);
      return {
        input: { data: product(g, weight), shape: [...inputShape] },
        parameters: Object.fromEntries(entries),
      };
    };
    return { output, pullback };
  }

  /** Copies of `weight` [outFeatures, inFeatures] and `bias` [outFeatures]. */
  stateDict(): Record<string, Tensor> {
    return writeStateDict(this.#parameters, this.#weights);
  }

  /**
   * Takes `weight` and `bias`, as copies; float64 is rounded for a float32 layer. Pullbacks keep those of their call.
   *
   * @param options.strict  refuse missing and unknown names; without it they are skipped. Default: true
   * @param options.prefix  what stands before the names in the dict; entries without it are ignored. Default: ''
   * @returns the names that were skipped
   * @throws CONGRUENT_STATE_DICT with torch's message when names or shapes do not fit; then nothing at all was loaded
   * @throws CONGRUENT_OPTION
   */
  loadStateDict(dict: StoredStateDict, options: LoadOptions = {}): LoadResult {
    const read = readStateDict(
      'Linear',
      this.#parameters,
      () => this.#weights,
      dict,
      resolve('Linear.loadStateDict', LOAD_RULES, options) as unknown as ReadOptions,
      this.options.dtype,
      hints.stateDict,
    );
    this.#weights = read.weights;
    return { missingKeys: read.missingKeys, unexpectedKeys: read.unexpectedKeys };
  }

  #apply({ data, shape }: Tensor): Tensor {
    const { inFeatures, outFeatures } = this.options;
    const weight = matrix(this.#weights.get('weight')!, outFeatures, inFeatures);
    const bias = this.#weights.get('bias');
    const output = product(matrix(data, data.length / inFeatures, inFeatures), transposed(weight));
    if (bias !== undefined) for (let i = 0; i < output.length; i++) output[i]! += bias[i % outFeatures]!;
    return { data: output, shape: [...shape.slice(0, -1), outFeatures] };
  }

  #checkInput(where: string, input: unknown): Tensor {
    const { inFeatures, outFeatures, dtype } = this.options;
    const checked = checkTensor(where, input, dtype);
    const { data, shape } = checked;
    if (shape.at(-1) === inFeatures) return checked;
    const mat1 = shape.length === 0 ? 'a scalar' : `${data.length / (shape.at(-1) || 1)}x${shape.at(-1)}`;
    throw new CongruentError(
      'CONGRUENT_SHAPE',
      `${where}: mat1 and mat2 shapes cannot be multiplied (${mat1} and ${inFeatures}x${outFeatures}). ` +
        `Expected [..., ${inFeatures}], the last dimension being inFeatures, got ${shapeText(shape)}.`,
    );
  }
}

const RULES: Rules = {
  inFeatures: positive('in_features'),
  outFeatures: positive('out_features'),
  bias: flag(true),
  dtype: DTYPE,
  seed: SEED,
};
