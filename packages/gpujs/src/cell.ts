import type { CellSignature, Dimensions, FloatArray } from '@congruent/runtime';
import type { HostPlane } from './planes.ts';

/** What a generated file gives: one cell as kernels. */
export interface GpuCell {
  readonly signature: CellSignature;
  /** The functions of one number that the kernels call. */
  readonly functions: readonly string[];
  /** Takes the parameters by layout name, and gives the planes of weights that the kernels read. */
  prepare(
    parameters: Readonly<Record<string, FloatArray>>,
    dimensions: Dimensions,
  ): Readonly<Record<string, HostPlane>>;
  readonly before: readonly KernelSource[];
  readonly step: readonly KernelSource[];
  readonly input: string;
  readonly states: readonly StateName[];
}

/**
 * A kernel in the language of gpu.js, as text: gpu.js translates the source of functions, which bundlers, minifiers and
 * coverage tools rewrite. A thread computes element
 * `thread.x` of a row of the result; rows are counted by `thread.y`, and where they are too many for a texture by `thread.z`
 * on top, so that a row's number is also its place in memory.
 */
export interface KernelSource {
  /** The name of the result's plane. */
  readonly result: string;
  /** Elements of each row of the result. */
  width(dimensions: Dimensions): number;
  /** Planes among its arguments, first. */
  readonly planes: readonly string[];
  /** Whole numbers among its arguments: dimensions, and in a step `first` and `batch`. */
  readonly numbers: readonly string[];
  readonly source: string;
}

/** The names of a state's plane and of its next value's. */
export interface StateName {
  readonly name: string;
  readonly next: string;
}
