import type { WebAssemblyMemory } from './webassembly.ts';

/**
 * What a generated module exports: one cell for one element type. Sizes and addresses are in bytes; tensors are rows of
 * features, row-major, without gaps, at addresses that are multiples of the element's size.
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
  /** The whole loop over time; `batchSizes` is the address of `steps` i32. Overwrites the state, writes [rows, H]. */
  run(
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
  ): void;
}
