import type { DType, FloatArray } from '@congruent/runtime';

/** A cell of certain sizes in an addon, opaque. */
export interface LayerHandle {
  readonly brand?: 'layer';
}

/** What a job does; the numbers of `congruent_kind` in c/addon/operands.h. */
export const RUN = 0;
export const RECORD = 1;
export const PULL_BACK = 2;

/** The buffers that a kernel works in. */
export interface WorkingMemory {
  readonly layer: LayerHandle;
  readonly weights: FloatArray;
  readonly shared: FloatArray;
  /** One after the other for as many shares as there are. */
  readonly own: FloatArray;
}

/** A computation over a sequence. */
export interface Job extends WorkingMemory {
  readonly kind: typeof RUN | typeof RECORD | typeof PULL_BACK;
  readonly batchSizes: Int32Array;
  readonly reverse: boolean;
  /** In how many parts it may be done at the same time. */
  readonly shares: number;
  /** As c/cell.h lists them. */
  readonly operands: readonly FloatArray[];
}

/**
 * What an addon exports; c/addon/addon.c makes it. Buffers are typed arrays that begin at multiples of 64 bytes. A buffer of
 * another length than the layer needs is refused with a TypeError, whose reader is whoever works on this package.
 */
export interface Addon {
  /** The variants that are compiled in and that this processor runs, the plainest first. */
  readonly variants: readonly string[];
  /** The bytes by which a buffer begins after a multiple of 64. */
  misalignment(buffer: ArrayBuffer): number;
  /**
   * A layer; undefined where there is no such cell.
   *
   * @param lengths  of the dimensions, then of a row of each input, state and output, then of each tensor
   */
  open(
    cell: string,
    dtype: DType,
    variant: string,
    lengths: readonly [
      sizes: readonly number[],
      inputs: readonly number[],
      states: readonly number[],
      outputs: readonly number[],
      tensors: readonly number[],
    ],
  ): LayerHandle | undefined;
  /** Elements. */
  lengths(layer: LayerHandle): [weights: number, residualsOfRow: number, backwardWeights: number];
  /** Elements, of working memory for `rows` rows, at most `batch` of them in a step. */
  scratch(layer: LayerHandle, rows: number, batch: number, backward: boolean): [shared: number, own: number];
  prepare(layer: LayerHandle, tensors: readonly FloatArray[], weights: FloatArray, backward: boolean): void;
  /** A function that computes one step in these buffers, and holds them. */
  stepper(step: WorkingMemory & { readonly batch: number; readonly operands: readonly FloatArray[] }): () => void;
  /** Runs jobs of which none reads what another one writes. */
  compute(jobs: readonly Job[], threads: number): void;
}
