import type { Emitter, GeneratedFile, Program } from '@congruent/codegen';
import { emitCell } from './cell.ts';

/** Emits the kernels of a cell as strings in the language of gpu.js: one file, float32. */
const emitter: Emitter = {
  name: 'gpujs',
  emit: (program: Program): readonly GeneratedFile[] => [
    { path: `${program.cell.name}.ts`, contents: emitCell(program, emitter) },
  ],
};

export default emitter;
