import type { DType, Emitter, GeneratedFile, Program } from '@congruent/codegen';
import { emitKernel } from './kernel.ts';

/** Emits plain TypeScript: one file per element type. */
const emitter: Emitter = {
  name: 'scalar',
  emit: (program: Program): readonly GeneratedFile[] =>
    (['float32', 'float64'] satisfies DType[]).map((dtype) => ({
      path: `${program.cell.name}.${dtype}.ts`,
      contents: emitKernel(program, dtype, emitter),
    })),
};

export default emitter;
