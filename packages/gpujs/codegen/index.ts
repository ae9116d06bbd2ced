import { type Emitter, layoutsFile, layoutsReexport, signatureFile, signatureReexport } from '@congruent/codegen';
import { moduleOf } from './module.ts';
import { plansOf } from './target.ts';

/** Emits the kernels of a cell as strings in the language of gpu.js, float32, with what the host computes beside them. */
const emitter: Emitter = {
  name: 'gpujs',
  emit(program) {
    const { name } = program.cell;
    return [
      signatureFile(program),
      layoutsFile(program),
      { kind: 'typescript', path: `${name}.kernels.ts`, declarations: moduleOf(program, plansOf(program)) },
      {
        kind: 'typescript',
        path: `${name}.ts`,
        declarations: [
          signatureReexport(program),
          layoutsReexport(program),
          { kind: 'reexport', from: `./${name}.kernels.ts` },
        ],
      },
    ];
  },
};

export default emitter;
