import type { WebAssemblyMemory } from './webassembly.ts';

/**
 * What a generated module exports: one cell for one element type. `sizes` are the cell's dimensions; sizes of memory and
 * addresses are in bytes; tensors are rows of features, row-major, without gaps, at addresses that are multiples of the
 * element's size. Vector loads may touch up to 64 bytes after a buffer's last element, which have to be memory and whose
 * values do not matter; stores touch none.
 */
export interface Kernel {
  readonly memory: WebAssemblyMemory;
  /** Bytes of packed parameters; `of`: sizes. */
  weights_bytes(...of: number[]): number;
  /** Bytes of working memory for sequences of `rows` rows, at most `batch` of them in a step; `of`: sizes, rows, batch. */
  scratch_bytes(...of: number[]): number;
  /** Packs parameters; `of`: sizes, weights, the layout's tensors in the signature's order. */
  prepare(...of: number[]): void;
  /** One step; `of`: sizes, weights, scratch, batch, inputs [batch, …], states (overwritten), outputs (written). */
  step(...of: number[]): void;
  /**
   * The whole sequence; `of`: sizes, weights, scratch, batch sizes (i32 each), their number, their sum, 1 where reversed,
   * inputs [rows, …], states [batch, …] (overwritten with the last ones), outputs [rows, …] (written).
   */
  run(...of: number[]): void;
}

/**
 * What the module of a cell's gradients exports; it imports the memory of a `Kernel`, and reads the weights packed there.
 * Its buffers are as those of a `Kernel`: loads may touch up to 64 bytes after the last element, stores none.
 */
export interface TrainingKernel {
  /** Bytes that `record` stores of each row; `of`: sizes. */
  trace_bytes(...of: number[]): number;
  /** As `run`, with the same working memory, and stores the residuals; `of`: as of `run`, residuals. */
  record(...of: number[]): void;
  /** Bytes of the parameters as the backward pass reads them; `of`: sizes. */
  adjoint_weights_bytes(...of: number[]): number;
  /** Bytes of working memory of the backward pass; `of`: as of `scratch_bytes`. */
  adjoint_scratch_bytes(...of: number[]): number;
  /** Packs parameters for the backward pass; `of`: as of `prepare`. */
  prepare_adjoint(...of: number[]): void;
  /**
   * The whole sequence backwards; `of`: sizes, weights, scratch, batch sizes, their number, their sum, 1 where the run was
   * reversed, inputs, adjoints of outputs, of inputs (written), of the last states (overwritten with those of the first)
   * and of the layout's tensors (written), residuals.
   */
  pull_back(...of: number[]): void;
}
