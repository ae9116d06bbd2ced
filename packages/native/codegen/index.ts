import { type Emitter, layoutsFile, type Program, signatureFile } from '@congruent/codegen';
import { mainFile } from './files.ts';
import { unitOf } from './unit.ts';

/** Emits C: for each element type a file that is compiled for every processor and kind of arithmetic. */
const emitter: Emitter = {
  name: 'native',
  emit: (program: Program) => [
    signatureFile(program),
    layoutsFile(program),
    mainFile(program),
    ...(['float32', 'float64'] as const).map((dtype) => ({
      kind: 'text' as const,
      path: `${program.cell.name}.${dtype}.c`,
      comment: '//',
      text: unitOf(program, dtype),
    })),
  ],
};

export default emitter;
