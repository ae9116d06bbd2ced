import type { Block } from '@congruent/codegen';
import { functionOf, wordsIn } from './functions.ts';
import { type Planned, weightsOf } from './model.ts';
import { constantOf, type Part, type Struct } from './part.ts';
import { codeOf, zeroed } from './stages.ts';

/**
 * The step with the exported weights, and what holds its states.
 *
 * @param training  whether others make weights too, and so need room for what is computed on the way to them
 */
export function inferenceOf(model: Planned, training: boolean): Part {
  const { name, step, table } = model;
  const { inputs, outputs, carries, scratch, weights } = step;
  const style = { model: name, table, adds: () => false };
  const code = step.phases.flatMap(({ stages }) => stages.flatMap((stage) => codeOf(stage, style)));
  const words = wordsIn(code);
  const kept: Struct = {
    name: `${name}_weights`,
    doc: 'The weights as the step reads them',
    buffers: training ? weights : weights.filter((buffer) => words.has(buffer.name)),
  };
  const states = carries.length > 0 ? `The states (${carries.map((carry) => carry.name).join(', ')})` : 'No states';
  const state: Struct = {
    name: `${name}_state`,
    doc: `${states}, and working memory`,
    buffers: [...carries, ...scratch],
  };
  const members = { buffers: state.buffers, members: 'state->', isConst: false };
  const hasWeights = training || kept.buffers.length > 0;
  return {
    structs: hasWeights ? [kept, state] : [state],
    declarations: declarations(name),
    constants: hasWeights ? constantOf(kept, `${name}_exported`, weightsOf(model, step)) : [],
    functions: [
      ...functionOf(`void ${name}_reset(${name}_state *state)`, [members], zeroed(carries)),
      '',
      ...functionOf(
        `void ${name}_step(${name}_state *state, const float *inputs, float *outputs)`,
        [
          { buffers: weights, members: `${name}_exported.`, isConst: true },
          members,
          { buffers: inputs, from: 'inputs', isConst: true },
          { buffers: outputs, from: 'outputs', isConst: false },
        ],
        code,
      ),
      '',
      `static inline void ${name}_run(${name}_state *state, int steps, const float *x, float *y) {`,
      [
        'for (int k = 0; k < steps; k++) {',
        [`${name}_step(state, x, y);`, `x += ${name}_INPUT_SIZE;`, `y += ${name}_OUTPUT_SIZE;`],
        '}',
      ],
      '}',
      '',
    ],
  };
}

const declarations = (name: string): Block => [
  '// The initial states, zeros: to be called before the first step, and where a new sequence begins.',
  `static inline void ${name}_reset(${name}_state *state);`,
  '',
  `// One step, from ${name}_INPUT_SIZE values at x to ${name}_OUTPUT_SIZE values at y, which may not overlap.`,
  `static inline void ${name}_step(${name}_state *state, const float *x, float *y);`,
  '',
  '// So many steps one after the other, from rows at x to rows at y, from the current states on.',
  `static inline void ${name}_run(${name}_state *state, int steps, const float *x, float *y);`,
  '',
];
