import type { Operand } from '../backend/signature.ts';
import type { Rows } from './sequence.ts';

/** A value with the start of the error messages about it, e.g. `GRU.forward: input`. */
export type Labelled = readonly [where: string, value: unknown];

/** How a caller gives and gets the inputs of a cell, or its outputs: a single one as it is, several by name. */
export interface Form {
  /** What the outputs are called in a result. */
  readonly key: 'output' | 'outputs';
  /**
   * The values, one for each operand.
   *
   * @throws CONGRUENT_SHAPE where they are not there
   */
  list(where: string, given: unknown, operands: readonly Operand[]): readonly Labelled[];
  /** One of them, unchecked. */
  at(given: unknown, operands: readonly Operand[], index: number): unknown;
  /** The inverse. */
  unlist<T>(values: readonly T[], operands: readonly Operand[]): T | Record<string, T>;
  /**
   * The gradients of outputs, of which some may be left out; absent where that is `list`.
   *
   * @throws CONGRUENT_OPTION where there is one of something else
   */
  cotangents?(where: string, given: unknown, operands: readonly Operand[]): readonly Labelled[];
  /**
   * Refuses inputs that do not have the steps and sequences of the first; absent where there is no other.
   *
   * @throws CONGRUENT_SHAPE, CONGRUENT_PACKED
   */
  checkSame?(where: string, rows: readonly Rows[], operands: readonly Operand[]): void;
}

/** A single value as it is. */
export const single: Form = {
  key: 'output',
  list: (where, given) => [[where, given]],
  at: (given) => given,
  unlist: ([value]) => value!,
};
