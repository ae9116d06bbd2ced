import { type Emitter, planFor } from '@congruent/codegen';
import { ELEMENTS } from './element.ts';
import { moduleOf } from './module.ts';
import { target } from './target.ts';

/** Emits plain TypeScript: one file per element type. */
const emitter: Emitter = {
  name: 'scalar',
  emit: (program) =>
    ELEMENTS.map((element) => ({
      kind: 'typescript',
      path: `${program.cell.name}.${element.dtype}.ts`,
      declarations: moduleOf(program, planFor(program, target, element.dtype), element),
    })),
};

export default emitter;
