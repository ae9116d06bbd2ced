import type { CellSignature, FloatArray } from '@congruent/runtime';
import type { HostPlane } from './planes.ts';

/** The dimensions that generated files know. */
export type Dimensions = Readonly<Record<'I' | 'H', number>>;

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
  readonly adjoint: GpuAdjoint;
}

/** The way back of a cell, with the planes that the forward pass must keep for it. */
export interface GpuAdjoint {
  /** For the rows of all steps, from the planes of the cell's states before each. */
  readonly keep: readonly KernelSource[];
  /** The planes of the forward pass that are read. */
  readonly recorded: readonly string[];
  /** Takes the parameters by layout name, and gives the planes of weights that the kernels read. */
  prepare(
    parameters: Readonly<Record<string, FloatArray>>,
    dimensions: Dimensions,
  ): Readonly<Record<string, HostPlane>>;
  /** The plane of the adjoints of the outputs. */
  readonly output: string;
  /** The adjoints of the states after a step; `next`: of those before it. */
  readonly states: readonly StateName[];
  readonly step: readonly KernelSource[];
  /** Planes of the steps that are read after them. */
  readonly carried: readonly string[];
  readonly after: readonly KernelSource[];
  /** The plane of the gradient of the inputs. */
  readonly input: string;
  /** Rows that a sum adds up before it adds them to the total. */
  readonly sumBlock: number;
  readonly sums: readonly SumSource[];
  /** The gradients of the parameters by layout name, from the results of the sums. */
  gradients(
    sums: Readonly<Record<string, Float32Array>>,
    dimensions: Dimensions,
    parameters: Readonly<Record<string, FloatArray>>,
  ): Record<string, Float32Array>;
}

/**
 * A kernel in the language of gpu.js, as text: gpu.js translates the source of functions, which bundlers, minifiers and
 * coverage tools rewrite. A thread computes element `thread.x` of a row of the result; rows are counted by `thread.y`,
 * and where they are too many for a texture by `thread.z` on top, so that a row's number is also its place in memory.
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

/** A kernel that sums over the rows of all steps, of which it is given the number as `rows`. */
export interface SumSource extends KernelSource {
  /** Rows of the result. */
  height(dimensions: Dimensions): number;
}

/** The names of a state's plane and of its next value's. */
export interface StateName {
  readonly name: string;
  readonly next: string;
}

/** The kernels that record, and those of the way back. */
export const trainingKernels = ({ adjoint: { keep, step, after, sums } }: GpuCell): readonly KernelSource[] => [
  ...keep,
  ...step,
  ...after,
  ...sums,
];

/** All kernels of a cell. */
export const kernelsOf = (cell: GpuCell): readonly KernelSource[] => [
  ...cell.before,
  ...cell.step,
  ...trainingKernels(cell),
];
