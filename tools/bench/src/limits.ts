import type { Work } from './works.ts';

/** What a work demands, whoever does it. */
export interface Demand {
  /** Multiply-adds of the matrix products of one step of one row, all layers and directions, there and back. */
  readonly multiplyAddsPerStep: number;
  /** Bytes of weights that one step reads, in float32. */
  readonly weightBytes: number;
  /** Multiply-adds of the whole work. */
  readonly multiplyAdds: number;
}

const GATES = 3;

/** Backwards, each weight takes part in two products: for the gradients of the operand and of the weight. */
const PASSES = { step: 1, sequence: 1, training: 3 } as const;

export function demandOf({ kind, inputSize, hiddenSize, layers, directions, batch, steps }: Work): Demand {
  let weights = 0;
  for (let layer = 0; layer < layers; layer++) {
    const width = layer === 0 ? inputSize : directions * hiddenSize;
    weights += directions * GATES * hiddenSize * (width + hiddenSize);
  }
  const biases = layers * directions * 2 * GATES * hiddenSize;
  const repeats = kind === 'step' ? batch : batch * steps;
  const multiplyAddsPerStep = PASSES[kind] * weights;
  return {
    multiplyAddsPerStep,
    weightBytes: 4 * (weights + biases),
    multiplyAdds: multiplyAddsPerStep * repeats,
  };
}

/** Billions of floating point operations a second, a multiply-add counted as two; activations are not counted. */
export const gigaflops = (work: Work, microseconds: number): number =>
  (2 * demandOf(work).multiplyAdds) / microseconds / 1000;

/** Microseconds of the products at four multiply-adds a cycle: a 128-bit multiplication and an addition each cycle. */
export const yardstick = (work: Work, gigahertz: number): number =>
  demandOf(work).multiplyAdds / (4 * gigahertz * 1000);
