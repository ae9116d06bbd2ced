import type { Emitter, GeneratedFile, Program } from '@congruent/codegen';
import { emitAdjoint } from './adjoint.ts';
import { emitCell } from './cell.ts';

/** Emits the kernels of a cell as strings in the language of gpu.js, float32: a file forwards, and one for the way back. */
const emitter: Emitter = {
  name: 'gpujs',
  emit: (program: Program): readonly GeneratedFile[] => [
    { path: `${program.cell.name}.ts`, contents: emitCell(program, emitter) },
    { path: `${program.cell.name}.adjoint.ts`, contents: emitAdjoint(program, emitter) },
  ],
};

export default emitter;
