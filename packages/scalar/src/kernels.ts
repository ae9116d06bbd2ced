import {
  arrayMemory,
  type BackwardKernels,
  type CellLayouts,
  type CellSignature,
  type DType,
  type FloatArray,
  type HostKernels,
} from '@congruent/runtime';

/** The kernels of one cell for one element type, on arrays. */
export type Kernels = Omit<HostKernels<FloatArray>, 'memory' | 'backward'> &
  Omit<BackwardKernels<FloatArray>, 'save' | 'restore'>;

/** The kernels of one cell. */
export type CellKernels = Readonly<Record<DType, Kernels>>;

/** What the main file that is generated of a cell exports. */
export interface Generated {
  readonly signature: CellSignature;
  readonly layouts: CellLayouts;
  readonly kernels: CellKernels;
}

/** Kernels as the runtime takes them; arrays are the garbage collector's from the start. */
export const hostKernels = (kernels: Kernels, dtype: DType): HostKernels<FloatArray> => ({
  ...kernels,
  memory: arrayMemory(dtype),
  backward: { ...kernels, save: (value) => value, restore: (saved) => saved as FloatArray },
});
