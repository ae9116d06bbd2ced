import type { WebAssemblyMemory } from './webassembly.ts';

/**
 * What a generated module exports: one cell for one element type. Sizes and addresses are in bytes; tensors are rows of
 * features, row-major, without gaps, at addresses that are multiples of the element's size. Vector loads may touch up to
 * 64 bytes after a buffer's last element, which have to be memory and whose values do not matter; stores touch none.
 */
export interface Kernel {
  readonly memory: WebAssemblyMemory;
  /** Bytes of packed parameters. */
  weights_bytes(I: number, H: number): number;
  /** Bytes of working memory for sequences of `rows` rows, at most `batch` of them in a step. */
  scratch_bytes(I: number, H: number, rows: number, batch: number): number;
  /** Packs parameters; `tensors` are the addresses of the layout's tensors in the signature's order. */
  prepare(I: number, H: number, weights: number, ...tensors: number[]): void;
  /** One step: reads the input [batch, I], overwrites the state [batch, H]. */
  step(I: number, H: number, weights: number, scratch: number, batch: number, input: number, state: number): void;
  /** The whole loop over time; overwrites the state, writes [rows, H]. */
  run(...operands: RunOperands): void;
}

/** What a run over a sequence is given; `batchSizes` is the address of `steps` i32. */
export type RunOperands = [
  I: number,
  H: number,
  weights: number,
  scratch: number,
  batchSizes: number,
  steps: number,
  rows: number,
  reverse: number,
  input: number,
  state: number,
  output: number,
];

/**
 * What the module of a cell's gradients exports; it imports the memory of a `Kernel`, and reads the weights packed there.
 * Its buffers are as those of a `Kernel`: loads may touch up to 64 bytes after the last element, stores none.
 */
export interface TrainingKernel {
  /** Bytes that `record` stores of each row. */
  trace_bytes(I: number, H: number): number;
  /** As `run`, with the same working memory, and stores what the way back reads. */
  record(...operands: [...RunOperands, trace: number]): void;
  /** Bytes of the parameters as the way back reads them. */
  adjoint_weights_bytes(I: number, H: number): number;
  /** Bytes of working memory for the way back of sequences of `rows` rows, at most `batch` of them in a step. */
  adjoint_scratch_bytes(I: number, H: number, rows: number, batch: number): number;
  /** Packs parameters for the way back. */
  prepare_adjoint(I: number, H: number, weights: number, ...tensors: number[]): void;
  /**
   * From the adjoints of the states after each step, [rows, H], and of the last ones, which are overwritten with those
   * of the first, to those of the input, [rows, I], and of the layout's tensors.
   */
  pull_back(
    I: number,
    H: number,
    weights: number,
    scratch: number,
    batchSizes: number,
    steps: number,
    rows: number,
    reverse: number,
    trace: number,
    input: number,
    outputAdjoint: number,
    inputAdjoint: number,
    stateAdjoint: number,
    ...tensors: number[]
  ): void;
}
