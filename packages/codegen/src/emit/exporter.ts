import type { Program } from '../compile.ts';

/** A model to be exported: a cell whose sizes are all numbers, with its weights. */
export interface ExportedModel {
  /** What its files and functions are called, also in C: a letter, then letters, digits and _. */
  readonly name: string;
  readonly program: Program;
  /**
   * The parameters by the names of the cell's `tensors`, in their order, which is that of a plan's `tensors`: the blocks of
   * each one below the other, row-major.
   */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** The states before the first step, in the order of the cell and of a plan's `carries`. Default: zeros. */
  readonly initialStates?: readonly Float32Array[];
  /** The lines that every text file of it begins with, without comment signs. */
  readonly header: readonly string[];
}

export interface ExportOptions {
  /** Whether the engine has vectors of 128 bits. */
  readonly simd: boolean;
  /** Whether the backward step comes along. */
  readonly training: boolean;
}

/** A file of an exported model. */
export interface ExportedFile {
  /** A name in the folder of the model. */
  readonly path: string;
  readonly contents: string | Uint8Array;
  /** Bytes of it that are weights. Default: none. */
  readonly weights?: number;
}

/** What an exporter gives. */
export interface Exported {
  readonly files: readonly ExportedFile[];
  /** What its user should know beside the files: a line each, such as the memory that it needs. */
  readonly notes: readonly string[];
}

/**
 * Turns a model into files that need nothing else. It is the default export of its backend's entry `export`; what it
 * gives has, bit for bit, the results of `stream.step` of a backend's layers.
 */
export interface Exporter {
  /** As `--target` names it: `wasm`, `c`. */
  readonly target: string;
  /**
   * @param assemble  the bytes of a WebAssembly module in text form
   * @throws CongruentError EXPORT_OPTION for options that the target does not have, EXPORT_SIZE for sizes beyond it
   */
  export(model: ExportedModel, options: ExportOptions, assemble: (text: string) => Uint8Array): Exported;
}
