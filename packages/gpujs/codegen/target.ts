import { JAVASCRIPT_WORDS, type Plans, type Program, planFor } from '@congruent/codegen';
import { functionName, hostFunctionName } from './functions.ts';

/** What emitted code uses and names itself. */
const OWN =
  'Dimension GpuBackward GpuKernels GpuPass j k row start part sum element first batch rows thread output constants ' +
  'pow2 larger smaller sums parameters weights kernels functions forward backward ' +
  'concatenate interleave multiply outer stack';

/** What gpu.js, which looks names up in plain objects, finds there without anyone having put it in. */
const FOUND = Object.getOwnPropertyNames(Object.prototype);

/** The cell's own names of dimensions, by those of the plans. */
export type Dimensions = ReadonlyMap<string, string>;

export const dimensionsOf = ({ lengths }: Plans): Dimensions =>
  new Map([...lengths].map(([dimension, local]) => [local, dimension]));

/** Plans a program as kernels of float32 that each give a plane. */
export function plansOf(program: Program): Plans {
  const called = program.functions.float32.flatMap(({ name }) => [functionName(name), hostFunctionName(name)]);
  const reserved = new Set([...JAVASCRIPT_WORDS, ...OWN.split(' '), ...FOUND, ...called]);
  // WebGPU guarantees a kernel 8 buffers, one of which is for the result.
  return planFor(program, { reserved, apart: true, buffers: 7 }, 'float32');
}
