import {
  type Declaration,
  type Emitter,
  layoutsFile,
  layoutsReexport,
  type Plans,
  type Program,
  signatureFile,
  signatureReexport,
} from '@congruent/codegen';
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
      { kind: 'typescript', path: `${name}.kernels.ts`, declarations: kernelsFor(program).declarations },
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

/** The kernels of a program, and the plans that they follow. */
export function kernelsFor(program: Program): {
  readonly plans: Plans;
  readonly declarations: readonly Declaration[];
} {
  const plans = plansOf(program);
  return { plans, declarations: moduleOf(program, plans) };
}

export default emitter;
