import type { Emitter } from '@congruent/codegen';
import { moduleOf } from './module.ts';
import { plansOf } from './target.ts';

/** Emits the kernels of a cell as strings in the language of gpu.js, float32, with what the host computes beside them. */
const emitter: Emitter = {
  name: 'gpujs',
  emit: (program) => [
    { kind: 'typescript', path: `${program.cell.name}.ts`, declarations: moduleOf(program, plansOf(program)) },
  ],
};

export default emitter;
