import { arrayMemory, type BackwardKernels, type DType, type FloatArray, type HostKernels } from '@congruent/runtime';

/** What a generated file gives: one cell for one element type, on arrays. */
export type Generated = Omit<HostKernels<FloatArray>, 'memory' | 'backward'> &
  Omit<BackwardKernels<FloatArray>, 'save' | 'restore'>;

/** A generated file as the runtime takes it; arrays are the garbage collector's from the start. */
export const scalarKernels = (generated: Generated, dtype: DType): HostKernels<FloatArray> => ({
  ...generated,
  memory: arrayMemory(dtype),
  backward: { ...generated, save: (value) => value, restore: (saved) => saved as FloatArray },
});
