import type { GpuKernels, KernelSource } from './cell.ts';

/** Where kernels can run. */
export const DEVICE_NAMES = ['webgpu', 'webgl2', 'webgl', 'webasm', 'cpu'] as const;

export type DeviceName = (typeof DEVICE_NAMES)[number];

/** Rows of numbers on a device. */
export interface Plane {
  readonly width: number;
  readonly rows: number;
}

/** Planes one below the other; of each only the first `rows` rows. */
export interface Part<P extends Plane> {
  readonly plane: P;
  readonly rows: number;
}

/** A kernel's call. */
export interface Run<P extends Plane> {
  readonly kernel: KernelSource;
  /** Elements of each row of the result. */
  readonly width: number;
  /** Rows of the result. */
  readonly rows: number;
  readonly planes: readonly P[];
  readonly numbers: readonly number[];
}

/** A device with the compiled kernels of cells, shared by all layers of the process. Every result is a new plane. */
export interface Device<P extends Plane = Plane> {
  readonly name: DeviceName;
  /**
   * Whether what needs no state is computed for all steps at once. Otherwise step by step: where a kernel is compiled
   * for the sizes of its operands, these then don't depend on the number of steps.
   */
  readonly hoists: boolean;
  /** Whether planes lie in memory that only `release` frees; otherwise they are arrays. */
  readonly ownsMemory: boolean;
  /** To be awaited before the first run of a cell's kernels. */
  prepare(kernels: GpuKernels): Promise<void>;
  /** To be awaited, after `prepare`, before the first run of a kernel that records or goes backwards. */
  prepareTraining(kernels: GpuKernels): Promise<void>;
  upload(data: Float32Array, width: number): Promise<P>;
  run(call: Run<P>): Promise<P>;
  /** Rows `first` to `first + rows`, and zeros below, up to `height` rows. */
  slice(plane: P, first: number, rows: number, height: number): P;
  /** How many parts `stack` takes. */
  readonly parts: number;
  /** Parts one below the other. */
  stack(parts: readonly Part<P>[]): Promise<P>;
  /** Two planes of as many rows, side by side. */
  beside(left: P, right: P): Promise<P>;
  /** Element by element. */
  times(plane: P, mask: P): Promise<P>;
  /** The sum, element by element. */
  plus(left: P, right: P): Promise<P>;
  /** Columns `first` to `first + width`. */
  columns(plane: P, first: number, width: number): Promise<P>;
  /** A fresh array. */
  download(plane: P): Promise<Float32Array>;
  /** Frees a plane; nobody uses it afterwards. */
  release(plane: P): void;
  /** Whether it was lost or failed; it never comes back. */
  isLost(): boolean;
}
