import type { CellLayouts, CellSignature, FloatArray } from '@congruent/runtime';
import type { HostPlane } from './planes.ts';

export type { Dimensions } from '@congruent/runtime';

/** What the main file that is generated of a cell exports. */
export interface GpuCell {
  readonly signature: CellSignature;
  readonly kernels: GpuKernels;
}

/** What the main file that is generated of a cell exports. */
export interface Generated extends GpuCell {
  readonly layouts: CellLayouts;
}

/** The kernels of a cell, and the names of the planes that they work on. */
export interface GpuKernels {
  /** The functions of one number that kernels call, beside `pow2`, `larger` and `smaller`. */
  readonly functions: readonly string[];
  readonly forward: GpuPass;
  readonly backward: GpuBackward;
}

/**
 * One direction of a cell.
 *
 * @typeParam D  the dimensions of the cell
 */
export interface GpuPass<D extends string = string> {
  /** Once for the parameters, by layout name: gives the planes of weights that the kernels read. */
  prepare(
    parameters: Readonly<Record<string, FloatArray>>,
    dimensions: Readonly<Record<D, number>>,
  ): Readonly<Record<string, HostPlane>>;
  /** Planes that are given for the rows of all steps: forwards the inputs; backwards the same, then the outputs' adjoints. */
  readonly inputs: readonly string[];
  /** Planes that one step hands to the next; given for the first. */
  readonly carries: readonly string[];
  /** Planes that are wanted for the rows of all steps: forwards the outputs, backwards the adjoints of the inputs. */
  readonly outputs: readonly string[];
  /** Planes that the forward pass records for the rows of all steps, and the backward pass is given. */
  readonly recorded: readonly string[];
  /** What runs, in order. */
  readonly phases: readonly GpuPhase<D>[];
}

/** The backward pass of a cell. */
export interface GpuBackward<D extends string = string> extends GpuPass<D> {
  /** Rows that a sum adds up before it adds them to the total. */
  readonly sumBlock: number;
  /** Sums over the rows of all steps. */
  readonly sums: readonly SumSource<D>[];
  /** The gradients of the parameters by layout name, from the results of the sums and what `prepare` gave. */
  gradients(
    sums: Readonly<Record<string, Float32Array>>,
    weights: Readonly<Record<string, HostPlane>>,
    dimensions: Readonly<Record<D, number>>,
  ): Record<string, Float32Array>;
}

/** Kernels in order: for the rows of all steps at once, or for those of each step. */
export type GpuPhase<D extends string = string> = RowsPhase<D> | StepsPhase<D>;

export interface RowsPhase<D extends string = string> {
  readonly kind: 'rows';
  /** Whether all that it does is to record. */
  readonly records?: boolean;
  readonly kernels: readonly KernelSource<D>[];
  /** The planes with rows for all steps that the kernels read, and no kernel of this phase gives. */
  readonly read: readonly string[];
  /** The results that are read outside this phase. */
  readonly kept: readonly string[];
  readonly carried?: never;
  readonly each?: never;
}

export interface StepsPhase<D extends string = string>
  extends Omit<RowsPhase<D>, 'kind' | 'records' | 'carried' | 'each'> {
  readonly kind: 'steps';
  readonly records?: never;
  /** The carries that this loop hands on, each with the plane of its next value. */
  readonly carried: readonly { readonly name: string; readonly next: string }[];
  /** Carries that are kept as each step is given them; `records`: for the backward pass alone. */
  readonly each: readonly { readonly name: string; readonly rows: string; readonly records: boolean }[];
}

/**
 * A kernel in the language of gpu.js, as text: gpu.js translates the source of functions, which bundlers, minifiers and
 * coverage tools rewrite. A thread computes element `thread.x` of a row of the result; rows are counted by `thread.y`,
 * and where they are too many for a texture by `thread.z` on top, so that a row's number is also its place in memory.
 */
export interface KernelSource<D extends string = string> {
  /** The name of the result's plane. */
  readonly result: string;
  /** Elements of each row of the result. */
  width(dimensions: Readonly<Record<D, number>>): number;
  /** Its arguments: planes, then dimensions, then other whole numbers, in a step `first` and `batch`. */
  readonly planes: readonly string[];
  readonly dimensions: readonly string[];
  readonly numbers: readonly string[];
  readonly source: string;
}

/** A kernel that sums over the rows of all steps, of which it is given the number as `rows`. */
export interface SumSource<D extends string = string> extends KernelSource<D> {
  /** Rows of the result. */
  height(dimensions: Readonly<Record<D, number>>): number;
}

/** The kernels of a pass. */
export const kernelsIn = ({ phases }: GpuPass): readonly KernelSource[] => phases.flatMap(({ kernels }) => kernels);

/** The kernels of a forward pass that records nothing. */
export const inferenceKernels = ({ forward }: GpuKernels): readonly KernelSource[] =>
  forward.phases.flatMap(({ records, kernels }) => (records ? [] : kernels));

/** The kernels that record, and those of the backward pass. */
export const trainingKernels = ({ forward, backward }: GpuKernels): readonly KernelSource[] => [
  ...forward.phases.flatMap(({ records, kernels }) => (records ? kernels : [])),
  ...kernelsIn(backward),
  ...backward.sums,
];

/** All kernels of a cell. */
export const kernelsOf = (kernels: GpuKernels): readonly KernelSource[] => [
  ...inferenceKernels(kernels),
  ...trainingKernels(kernels),
];
