import { lengthOf, tensorsOf } from './tensors.ts';
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

/** Backwards, each weight takes part in two products: for the gradients of the operand and of the weight. */
const PASSES = { step: 1, sequence: 1, training: 3 } as const;

export function demandOf(work: Work): Demand {
  const { kind, layers, directions, batch, steps } = work;
  const shapes = Array.from({ length: layers }, (_, layer) => tensorsOf(work, layer)).flat();
  const elements = (of: typeof shapes): number => directions * of.reduce((sum, { shape }) => sum + lengthOf(shape), 0);
  const repeats = kind === 'step' ? batch : batch * steps;
  const multiplyAddsPerStep = PASSES[kind] * elements(shapes.filter(({ shape }) => shape.length === 2));
  return {
    multiplyAddsPerStep,
    weightBytes: 4 * elements(shapes),
    multiplyAdds: multiplyAddsPerStep * repeats,
  };
}

/** Billions of floating point operations a second, a multiply-add counted as two; activations are not counted. */
export const gigaflops = (work: Work, microseconds: number): number =>
  (2 * demandOf(work).multiplyAdds) / microseconds / 1000;

/** Microseconds of the products at four multiply-adds a cycle: a 128-bit multiplication and an addition each cycle. */
export const yardstick = (work: Work, gigahertz: number): number =>
  demandOf(work).multiplyAdds / (4 * gigahertz * 1000);
