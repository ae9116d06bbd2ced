/** An activation as a file has it, by its name in snake case, with the numbers that it takes. */
export interface Activation {
  readonly name: string;
  readonly alpha?: number;
  readonly beta?: number;
}

/** A function of a vector in the notation of @congruent/spec: `alpha` and `beta` come as its numbers. */
interface Written {
  /** What it has to be given; frameworks differ in what they take where a file does not say. */
  readonly needs?: readonly ('alpha' | 'beta')[];
  readonly text: (x: string, alpha: string, beta: string) => string;
}

/** x below 0, as alpha (e^x - 1), which is the text from 0 on. */
const elu = (x: string, alpha: string): string => `max(${x}, 0) + ${alpha} * (exp(min(${x}, 0)) - 1)`;

const swish = (x: string): string => `${x} * sigmoid(${x})`;

const hardSwish = (x: string): string => `${x} * min(max(${x} / 6 + 0.5, 0), 1)`;

/** As ONNX (the texts of its recurrent operators) and Keras (keras.activations) define them. */
const WRITTEN: Readonly<Record<string, Written>> = {
  sigmoid: { text: (x) => `sigmoid(${x})` },
  tanh: { text: (x) => `tanh(${x})` },
  relu: { text: (x) => `relu(${x})` },
  relu6: { text: (x) => `min(max(${x}, 0), 6)` },
  linear: { text: (x) => x },
  affine: { needs: ['alpha', 'beta'], text: (x, alpha, beta) => `${alpha} * ${x} + ${beta}` },
  hard_sigmoid: {
    needs: ['alpha', 'beta'],
    text: (x, alpha, beta) => `min(max(${alpha} * ${x} + ${beta}, 0), 1)`,
  },
  hard_tanh: { text: (x) => `min(max(${x}, -1), 1)` },
  hard_silu: { text: hardSwish },
  hard_swish: { text: hardSwish },
  leaky_relu: { needs: ['alpha'], text: (x, alpha) => `max(${x}, 0) + ${alpha} * min(${x}, 0)` },
  scaled_tanh: { needs: ['alpha', 'beta'], text: (x, alpha, beta) => `${alpha} * tanh(${beta} * ${x})` },
  elu: { needs: ['alpha'], text: elu },
  // Klambauer et al., "Self-Normalizing Neural Networks", 2017.
  selu: { text: (x) => `1.0507009873554805 * (${elu(x, '1.6732632423543772')})` },
  softsign: { text: (x) => `${x} / (1 + abs(${x}))` },
  softplus: { text: (x) => `softplus(${x})` },
  exponential: { text: (x) => `exp(${x})` },
  swish: { text: swish },
  silu: { text: swish },
  mish: { text: (x) => `${x} * tanh(softplus(${x}))` },
  log_sigmoid: { text: (x) => `-softplus(-${x})` },
  tanh_shrink: { text: (x) => `${x} - tanh(${x})` },
};

/** Why there is no text for functions that files do have. */
const UNWRITTEN: Readonly<Record<string, string>> = {
  thresholded_relu: 'steps at a threshold, which the notation has no function for',
  gelu: 'needs the error function, which the notation does not have',
  softmax: 'divides by a sum over the whole vector',
  log_softmax: 'takes a sum over the whole vector',
};

/** A number in the notation, where it may follow any operator. */
const numberText = (value: number): string => (value < 0 || Object.is(value, -0) ? `(${value})` : `${value}`);

/** Why an activation cannot be written in the notation; `undefined` where it can. */
export function problemOf(activation: Activation): string | undefined {
  const { name } = activation;
  const written = Object.hasOwn(WRITTEN, name) ? WRITTEN[name] : undefined;
  if (!written) {
    const why = Object.hasOwn(UNWRITTEN, name) ? UNWRITTEN[name] : 'is none that is known';
    return `the activation ${name} ${why}`;
  }
  for (const number of written.needs ?? []) {
    const value = activation[number];
    if (value === undefined) return `the activation ${name} is given no ${number}`;
    if (!Number.isFinite(value)) return `the activation ${name} has ${number} ${value}`;
  }
  return undefined;
}

/**
 * The activation of a vector, as an expression that may stand alone on the right of an equation.
 *
 * @param activation  one of which `problemOf` says nothing
 * @param x           the name of the vector
 */
export const applied = ({ name, alpha = 1, beta = 0 }: Activation, x: string): string =>
  WRITTEN[name]!.text(x, numberText(alpha), numberText(beta));
